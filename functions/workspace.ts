import { addAgent, addAgents, changeAgent, listAgents, showAgent } from '../core/agents/agents.ts';
import { httpHandler } from '../core/http/stack.ts';
import { showWorkspace } from '../core/site/workspace.ts';
import { addSkill, addSkills, changeSkill, listSkills, showSkill } from '../core/skills/skills.ts';
import { listSpend, setSpend, setSpends } from '../core/spend/spend.ts';

/** The team's own: agents, skills, spend, and in what zone and currency it counts. */
export const handler = httpHandler<'workspace'>({
  'GET /v1/agents': listAgents,
  'POST /v1/agents': addAgent,
  'POST /v1/agents/batch': addAgents,
  'GET /v1/agents/{id}': showAgent,
  'PATCH /v1/agents/{id}': changeAgent,
  'GET /v1/skills': listSkills,
  'POST /v1/skills': addSkill,
  'POST /v1/skills/batch': addSkills,
  'GET /v1/skills/{id}': showSkill,
  'PATCH /v1/skills/{id}': changeSkill,
  'GET /v1/spend': listSpend,
  'PUT /v1/spend': setSpend,
  'PUT /v1/spend/batch': setSpends,
  'GET /v1/workspace': showWorkspace,
});
