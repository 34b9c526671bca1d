/** What this process logs while something runs, from INFO up: its lines, taken off their way. */
export async function loggedBy<T>(work: () => Promise<T>): Promise<{ lines: string[]; result: T }> {
  const { AWS_LAMBDA_LOG_LEVEL } = process.env;
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  let text = '';
  const keep = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  for (const stream of streams) stream.write = keep as typeof stream.write;
  process.env.AWS_LAMBDA_LOG_LEVEL = 'INFO';
  try {
    const result = await work();
    return { lines: text.split('\n').filter(Boolean), result };
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] as never;
    if (AWS_LAMBDA_LOG_LEVEL === undefined) delete process.env.AWS_LAMBDA_LOG_LEVEL;
    else process.env.AWS_LAMBDA_LOG_LEVEL = AWS_LAMBDA_LOG_LEVEL;
  }
}

/** The lines that tell of requests, in their order. */
export function requestLines(lines: readonly string[]) {
  return lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter((line) => line.message === 'request');
}
