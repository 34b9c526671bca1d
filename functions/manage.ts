import { addAgent, changeAgent, listAgents, showAgent } from '../core/agents/agents.ts';
import { httpHandler } from '../core/http/stack.ts';
import { changeLead } from '../core/leads/change-lead.ts';
import { listEvents } from '../core/leads/list-events.ts';
import { listLeads } from '../core/leads/list-leads.ts';
import { showLead } from '../core/leads/one-lead.ts';
import { voidEvent } from '../core/leads/void-event.ts';
import { showWorkspace } from '../core/site/workspace.ts';
import { addSkill, listSkills } from '../core/skills/skills.ts';

/** Shows and corrects leads, events, agents and skills. */
export const handler = httpHandler<'manage'>({
  'GET /v1/leads': listLeads,
  'GET /v1/leads/{id}': showLead,
  'PATCH /v1/leads/{id}': changeLead,
  'GET /v1/leads/{id}/events': listEvents,
  'POST /v1/events/{id}/void': voidEvent,
  'GET /v1/agents': listAgents,
  'POST /v1/agents': addAgent,
  'GET /v1/agents/{id}': showAgent,
  'PATCH /v1/agents/{id}': changeAgent,
  'GET /v1/skills': listSkills,
  'POST /v1/skills': addSkill,
  'GET /v1/workspace': showWorkspace,
});
