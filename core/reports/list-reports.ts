import * as z from 'zod/mini';
import { reports } from '../catalogue/reports.ts';
import { endpoint } from '../http/endpoint.ts';

const answer = z.strictObject({
  reports: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      question: z.string(),
      parameters: z.array(
        z.strictObject({ name: z.string(), values: z.optional(z.array(z.string())) }),
      ),
      columns: z.array(
        z.strictObject({
          name: z.string(),
          unit: z.string(),
          meaning: z.string(),
          nullable: z.boolean(),
        }),
      ),
    }),
  ),
});

/** `GET /v1/reports`: which reports there are, what each takes and what each column means. */
export const listReports = endpoint({
  answers: { 200: { description: 'All reports', schema: answer } },
  async run() {
    const shown = reports.map(({ name, title, question, takes, choices, columns }) => ({
      name,
      title,
      question,
      parameters: [
        ...takes.map((parameter) => ({ name: parameter })),
        ...Object.entries(choices).map(([choice, values]) => ({ name: choice, values })),
      ],
      columns: columns.map(({ name, kind, meaning, nullable }) => ({
        name,
        unit: kind,
        meaning,
        nullable,
      })),
    }));
    return { status: 200, body: { reports: shown } };
  },
});
