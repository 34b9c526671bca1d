/** What a column holds, and so its unit and its form in JSON. */
export type ColumnKind =
  | 'count'
  | 'percent'
  | 'probability'
  | 'minutes'
  | 'days'
  | 'money'
  | 'text'
  | 'id'
  | 'time'
  | 'date'
  | 'flag';

/** A column of a report. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly meaning: string;
  readonly nullable: boolean;
}

/** PostgreSQL's type of each kind: what a report's statement must return. */
export const databaseTypes: Readonly<Record<ColumnKind, readonly string[]>> = {
  count: ['int8'],
  percent: ['float8'],
  probability: ['float8'],
  minutes: ['float8'],
  days: ['float8'],
  money: ['numeric'],
  text: ['text'],
  id: ['uuid'],
  time: ['timestamptz'],
  date: ['date'],
  flag: ['bool'],
};

type Columns = readonly Column[];

const column = (kind: ColumnKind, name: string, meaning: string, nullable: boolean): Column => ({
  name,
  kind,
  meaning,
  nullable,
});

/** A number of things; never null. */
export const count = (name: string, meaning: string) => column('count', name, meaning, false);
/** A number of things, null where it has no meaning. */
export const maybeCount = (name: string, meaning: string) => column('count', name, meaning, true);
/** A share in percent; null where there is nothing to divide by. */
export const percent = (name: string, meaning: string) => column('percent', name, meaning, true);
/** A probability between 0 and 1, six digits of it; null where there is none. */
export const probability = (name: string, meaning: string) =>
  column('probability', name, meaning, true);
/** Minutes; null where there are none to speak of. */
export const minutes = (name: string, meaning: string) => column('minutes', name, meaning, true);
/** Days; null where there are none to speak of. */
export const days = (name: string, meaning: string) => column('days', name, meaning, true);
/** An amount in the workspace's currency; null where there is none to state. */
export const money = (name: string, meaning: string) => column('money', name, meaning, true);
/** Text. */
export const text = (name: string, meaning: string) => column('text', name, meaning, false);
/** Text, null where the report does not group by it or the lead has none. */
export const maybeText = (name: string, meaning: string) => column('text', name, meaning, true);
/** An id; never null. */
export const id = (name: string, meaning: string) => column('id', name, meaning, false);
/** A moment. */
export const time = (name: string, meaning: string) => column('time', name, meaning, false);
/** A moment, null where it has no meaning. */
export const maybeTime = (name: string, meaning: string) => column('time', name, meaning, true);
/** A day of the workspace's zone. */
export const date = (name: string, meaning: string) => column('date', name, meaning, false);
/** Yes or no. */
export const flag = (name: string, meaning: string) => column('flag', name, meaning, false);
/** An agent's id; null where the report does not group by agent, and for unassigned leads. */
export const agentId = column('id', 'agent_id', 'the agent', true);

/** What stands beside a rate: out of how many, and Wilson's 95 % interval. */
export function interval(rate: string): Columns {
  return [
    count(`${rate}_n`, `leads that ${rate} is a share of`),
    percent(`${rate}_low`, `lower end of the 95 % interval of ${rate} (Wilson)`),
    percent(`${rate}_high`, `upper end of the 95 % interval of ${rate} (Wilson)`),
  ];
}
