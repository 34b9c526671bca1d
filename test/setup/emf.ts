import * as z from 'zod/mini';

const word = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const sizes = ['Bytes', 'Bits'].flatMap((of) => [
  of,
  ...['Kilo', 'Mega', 'Giga', 'Tera'].map((prefix) => `${prefix}${of.toLowerCase()}`),
]);
const units = [
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'None'],
  ...['Count', ...sizes].flatMap((of) => [of, `${of}/Second`]),
];

/** CloudWatch's embedded metric format, as its specification has it. */
const document = z.looseObject({
  _aws: z.object({
    Timestamp: z.int(),
    CloudWatchMetrics: z.array(
      z.strictObject({
        Namespace: word(1024),
        Dimensions: z.array(z.array(word(250)).check(z.maxLength(30))).check(z.minLength(1)),
        Metrics: z
          .array(
            z.strictObject({
              Name: word(1024),
              Unit: z.optional(z.enum(units)),
              StorageResolution: z.optional(z.union([z.literal(1), z.literal(60)])),
            }),
          )
          .check(z.minLength(1), z.maxLength(100)),
      }),
    ),
  }),
});

/** What a line of metrics says. */
export interface MetricLine {
  namespace: string;
  dimensions: Record<string, string>;
  values: Record<string, number>;
  units: Record<string, string | undefined>;
}

/** Reads the lines of metrics among those of a log; throws where CloudWatch would not take one. */
export function metricLines(lines: readonly string[]): MetricLine[] {
  return lines.filter((line) => line.includes('"_aws"')).map(readLine);
}

function readLine(line: string): MetricLine {
  const root = document.parse(JSON.parse(line));
  const [directive, ...more] = root._aws.CloudWatchMetrics;
  if (!directive || more.length > 0) throw new Error('there is not one directive');
  const [names = [], ...others] = directive.Dimensions;
  if (others.length > 0) throw new Error('each metric is paid once for each set of dimensions');
  // What a directive names stands in the root: dimensions as text, metrics as numbers.
  const member = <T>(name: string, schema: z.ZodMiniType<T>) => [name, schema.parse(root[name])];
  const metrics = directive.Metrics;
  return {
    namespace: directive.Namespace,
    dimensions: Object.fromEntries(names.map((name) => member(name, word(1024)))),
    values: Object.fromEntries(metrics.map(({ Name }) => member(Name, z.number()))),
    units: Object.fromEntries(metrics.map(({ Name, Unit }) => [Name, Unit])),
  };
}
