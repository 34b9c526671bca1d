import type { Answer } from './endpoint.ts';
import type { HttpEvent } from './request.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Who is asking, as the line of a request tells it, and whose data it is about: the ids in its
 * address, and those of what is answered. Ids alone: nothing else that was sent or shown.
 */
export function auditOf(event: HttpEvent, answer: Answer | undefined) {
  const items = answer ? itemsOf(answer) : [];
  // Of a hook's address the query may be its secret.
  const query = event.routeKey.includes('/hooks/') ? '' : (event.rawQueryString ?? '');
  const asked = [
    ...Object.values(event.pathParameters ?? {}),
    ...new URLSearchParams(query).values(),
  ];
  const subjects = [...asked, ...items.map(subjectOf)].filter(isId);
  return {
    caller: event.requestContext.authorizer?.lambda?.key_id,
    subjects: [...new Set(subjects.map((id) => id.toLowerCase()))],
  };
}

/** What is in an answer, by whatever name; as CSV it is told beside the text. */
function itemsOf({ body, shown }: Answer): readonly unknown[] {
  if (shown) return shown;
  if (typeof body !== 'object' || body === null) return [];
  const lists = ['items', 'results', 'rows', 'leads', 'lead_ids']
    .map((name) => (body as Record<string, unknown>)[name])
    .filter((list) => Array.isArray(list));
  return lists.length > 0 ? lists.flat() : [body];
}

/** An event or a suggestion is about its lead, a correction about what was corrected. */
function subjectOf(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const { lead_id, subject_id, id } = item as Record<string, unknown>;
  return lead_id ?? subject_id ?? id;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}
