import * as z from 'zod/mini';
import changeSkillSql from '../../sql/skills/change-skill.sql' with { type: 'text' };
import listSkillsSql from '../../sql/skills/list-skills.sql' with { type: 'text' };
import oneSkillSql from '../../sql/skills/one-skill.sql' with { type: 'text' };
import { batch, chosenId } from '../batches/batch.ts';
import { answerOf, writeItem } from '../batches/write-items.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, pathWithId, shortText, storedObject, written } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { Problem, problemAt } from '../http/problem.ts';
import { idOfRequest } from '../http/request-key.ts';

const text = z.nullable(z.string());
const when = z.iso.datetime({ precision: 6 });
const types = z.enum(['automation', 'scoring', 'routing', 'nurture']);
const statuses = z.enum(['testing', 'active', 'paused', 'deprecated']);
const longText = z.optional(z.nullable(shortText(2000)));

const skill = z.strictObject({
  id: z.uuid(),
  created_at: when,
  name: z.string(),
  description: text,
  skill_type: z.nullable(types),
  status: statuses,
  activated_at: z.nullable(when),
  deprecated_at: z.nullable(when),
  total_leads_processed: z.int(),
  avg_improvement_lift: z.nullable(z.number()),
  config: z.unknown(),
  spawned_reason: text,
  spawned_by: text,
});

const name = written(
  /^[a-z0-9][a-z0-9._-]{0,99}$/,
  'must be lower-case letters, digits, dots, dashes or underscores, at most 100',
);

const fields = {
  name,
  description: longText,
  skill_type: z.optional(z.nullable(types)),
  status: z.optional(z.enum(['testing', 'active'])),
  config: z.optional(z.nullable(storedObject(8 * 1024, 'lead_skills_config_size'))),
  spawned_reason: longText,
  spawned_by: longText,
};

/** `POST /v1/skills`: registers a skill; its name is taken once. */
export const addSkill = endpoint({
  creates: true,
  body: z.strictObject(fields),
  answers: {
    200: { description: 'This very request came before; nothing changed', schema: skill },
    201: { description: 'Stored', schema: skill },
  },
  async run({ body, now, requestKey }) {
    const id = idOfRequest(requestKey);
    const item = { ...body, id, ...requestKey };
    const row = await writeItem<z.infer<typeof skill>>('skills', item, now);
    const location = `/v1/skills?name=${body.name}`;
    if (row.id === id) return answerOf(row, { isNew: true, location });
    const detail = 'There is a skill of this name already.';
    throw problemAt(409, [{ pointer: '/name', code: 'name_taken', detail }]);
  },
});

/** `POST /v1/skills/batch`: up to 1,000 skills; one whose name is taken is the first one. */
export const addSkills = batch({
  kind: 'skills',
  item: z.strictObject({ ...fields, id: z.optional(id) }),
  prepare: (given, { caller, id }) => ({
    item: { ...given, id: chosenId(given.id, caller) ?? id },
    fresh: false,
  }),
});

const skillList = { name: 'skills', item: skill, most: 200 };

/** `GET /v1/skills`: skills, newest first. */
export const listSkills = endpoint({
  query: listQuery(skillList, {
    status: z.optional(statuses),
    skill_type: z.optional(types),
    name: z.optional(name),
  }),
  answers: pageForm(skillList),
  async run({ query: { cursor, format, ...filters } }) {
    const rows = await query<ListRow>(listSkillsSql, {
      status: null,
      skill_type: null,
      name: null,
      ...filters,
      ...startOf(cursor),
    });
    return pageOf(skillList, rows, { ...filters, format });
  },
});

const unknownSkill = () => new Problem(404, 'No skill has this id.');

/** `GET /v1/skills/{id}`: one skill. */
export const showSkill = endpoint({
  path: pathWithId,
  answers: { 200: { description: 'The skill', schema: skill } },
  async run({ path }) {
    const [row] = await query<{ skill: z.infer<typeof skill> }>(oneSkillSql, path);
    if (!row) throw unknownSkill();
    return { status: 200, body: row.skill };
  },
});

/** `PATCH /v1/skills/{id}`: activates, pauses or deprecates a skill; its name stays. */
export const changeSkill = endpoint({
  path: pathWithId,
  body: z
    .strictObject({
      status: z.optional(statuses),
      description: fields.description,
      config: fields.config,
    })
    .check(z.refine((given) => Object.keys(given).length > 0, { message: 'changes nothing' })),
  answers: { 200: { description: 'The skill after the change', schema: skill } },
  async run({ path, body, caller, now }) {
    const changes = { ...body, by: caller.key_id };
    const given = { ...path, changes, now };
    const [row] = await query<{ skill: z.infer<typeof skill> }>(changeSkillSql, given);
    if (!row) throw unknownSkill();
    return { status: 200, body: row.skill };
  },
});
