import type { Caller } from '../http/endpoint.ts';
import { problemAt } from '../http/problem.ts';

/** Whose leads alone a reading statement shows; null: all. Each binds it. */
export function viewerOf({ viewer_agent_id }: Caller) {
  return { viewer_agent_id: viewer_agent_id ?? null };
}

/** Which leads there are for a writer, as `known_to` reads it: of one source, of one agent. */
export function boundsOf({ source, viewer_agent_id }: Caller) {
  return { only_source: source, viewer_agent_id };
}

/** Who acts where a request does not say: a person as a member of the team, a machine by itself. */
export function eventSourceOf({ role }: Caller): 'agent' | 'automation' {
  return role === undefined ? 'automation' : 'agent';
}

/** To an agent another one is unknown, as is an id that nobody has. Throws a Problem. */
export function refuseOtherAgents(caller: Caller, agentId: unknown): void {
  const { viewer_agent_id: viewer } = caller;
  if (viewer === undefined || typeof agentId !== 'string') return;
  if (agentId === 'none' || agentId === viewer) return;
  const detail = 'No agent has this id.';
  throw problemAt(404, [{ pointer: '/query/agent_id', code: 'unknown_agent', detail }]);
}
