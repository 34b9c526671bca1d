import * as z from 'zod/mini';
import listLeadsSql from '../../sql/leads/list-leads.sql' with { type: 'text' };
import { refuseOtherAgents, viewerOf } from '../access/viewer.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, shortText, written } from '../http/fields.ts';
import {
  isCounted,
  type ListRow,
  listQuery,
  pageForm,
  pageOf,
  startOf,
  yesOrNo,
} from '../http/pages.ts';
import { windowChecks, windowParameters } from '../reports/parameters.ts';
import { leadSummary } from './answers.ts';
import { groups, slaStates, stages } from './fields.ts';

const { from, to, source, agent_id, quality_score, utm_campaign, as_of } = windowParameters;
const reachable = z.enum(stages.filter((stage) => stage !== 'dead'));

const oneState = `(${slaStates.join('|')})`;
const slaStateList = written(
  new RegExp(`^${oneState}(,${oneState})*$`),
  `must be one or more of ${slaStates.join(', ')}, with commas`,
);

type Asked = { experiment_id?: unknown; group_name?: unknown };

const list = {
  name: 'leads',
  item: leadSummary,
  // Who takes leads out wants what people wrote about them; raw_data stays in.
  row: z.extend(leadSummary, { notes: z.nullable(z.string()) }),
  most: 200,
};

const minutes = z.pipe(
  z.string().check(z.regex(/^\d{1,6}(\.\d{1,3})?$/)),
  z.pipe(z.transform(Number), z.number().check(z.positive())),
);

const parameters = listQuery(list, {
  from: z.optional(from),
  to: z.optional(to),
  basis: z._default(z.enum(['created', 'converted', 'due']), 'created'),
  source: z.optional(source),
  agent_id: z.optional(agent_id),
  quality_score: z.optional(quality_score),
  utm_campaign: z.optional(utm_campaign),
  as_of: z.optional(as_of),
  stage: z.optional(z.enum(stages)),
  reached: z.optional(reachable),
  converted: z.optional(yesOrNo),
  waiting: z.optional(yesOrNo),
  answered: z.optional(yesOrNo),
  human_only: z._default(yesOrNo, false),
  died_at: z.optional(reachable),
  responded_within_minutes: z.optional(minutes),
  contacted_by_minutes: z.optional(minutes),
  at_risk_minutes: z.optional(minutes),
  sla_state: z.optional(slaStateList),
  sla_policy_id: z.optional(z.union([z.literal('none'), id])),
  finding: z.optional(z.enum(['events_before_creation', 'closed_without_contact'])),
  created_on: z.optional(from),
  include: z._default(
    z.enum(['counted', 'test', 'duplicate', 'test,duplicate', 'duplicate,test']),
    'counted',
  ),
  duplicate_of: z.optional(id),
  experiment_id: z.optional(id),
  group_name: z.optional(z.enum(groups)),
  q: z.optional(shortText(200)),
}).check(
  ...windowChecks,
  z.refine<Asked>(({ experiment_id, group_name }) => !group_name || Boolean(experiment_id), {
    path: ['group_name'],
    message: 'needs "experiment_id": it is a group of one experiment',
  }),
);

/** Which leads the statement takes, by what `include` adds to the counted ones. */
const included = {
  counted: 'counted',
  test: 'counted,test',
  duplicate: 'counted,duplicate',
  'test,duplicate': 'all',
  'duplicate,test': 'all',
} as const;

const noFilters = {
  from: null,
  to: null,
  source: null,
  agent_id: null,
  quality_score: null,
  utm_campaign: null,
  as_of: null,
  stage: null,
  reached: null,
  converted: null,
  waiting: null,
  answered: null,
  died_at: null,
  responded_within_minutes: null,
  contacted_by_minutes: null,
  at_risk_minutes: null,
  sla_state: null,
  sla_policy_id: null,
  finding: null,
  created_on: null,
  duplicate_of: null,
  experiment_id: null,
  group_name: null,
  q: null,
};

/**
 * `GET /v1/leads`: leads newest first; the filters open what the reports count. `duplicate_of`
 * takes a lead's duplicates, which no report counts, `experiment_id` those that are in it.
 */
export const listLeads = endpoint({
  query: parameters,
  answers: pageForm(list),
  async run({ query: page, caller, now }) {
    refuseOtherAgents(caller, page.agent_id);
    const { cursor, include, ...filters } = page;
    const viewer = viewerOf(caller);
    const rows = await query<ListRow>(listLeadsSql, {
      ...noFilters,
      ...filters,
      include: filters.duplicate_of ? 'all' : included[include],
      ...startOf(cursor),
      counted: isCounted(page, viewer),
      ...viewer,
      now,
    });
    return pageOf(list, rows, page);
  },
});
