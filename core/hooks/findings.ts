/** What could not be read, or not kept as it was. It never holds what somebody wrote. */
export interface Finding {
  /** The lead's field; absent where the finding is about the submission. */
  readonly field?: string;
  /** Where in the submission, as a JSON pointer of at most 200 characters. */
  readonly at?: string;
  readonly code: string;
  /** A sentence for a person. */
  readonly detail: string;
}

const most = 20;

/** Findings as they come up: the first 20 in full, the others counted. */
export function findingsOf() {
  const found: Finding[] = [];
  let count = 0;
  return {
    add(finding: Finding): void {
      count += 1;
      if (found.length < most) found.push(finding);
    },
    /** What must be among those told in full. */
    addFirst(finding: Finding): void {
      count += 1;
      found.unshift(finding);
      found.splice(most);
    },
    list: (): readonly Finding[] => found,
    count: () => count,
  };
}

/** Where findings go. */
export type Findings = ReturnType<typeof findingsOf>;

/** A place below another; the names are the sender's and may be of any length. */
export function pointerOf(pointer: string, segment: string): string {
  const stored = segment.replaceAll('\0', '\uFFFD');
  return cutUnits(`${pointer}/${cutUnits(stored, 100)}`, 200);
}

/** Text as PostgreSQL can keep it: U+0000 and half characters become U+FFFD. */
export function storable(text: string, pointer: string, findings: Findings): string {
  if (!text.includes('\0') && text.isWellFormed()) return text;
  const detail = 'U+0000 or half of a character: U+FFFD stands in its place.';
  findings.add({ at: pointer, code: 'unstorable_character', detail });
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** The first so many UTF-16 units, without half of a character at the end. */
export function cutUnits(text: string, units: number): string {
  return text.length <= units ? text : text.slice(0, units).replace(/[\uD800-\uDBFF]$/, '');
}
