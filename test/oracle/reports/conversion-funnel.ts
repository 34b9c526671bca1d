import { hasReached } from '../derive.ts';
import { percent } from '../exact.ts';
import {
  type Answer,
  type Facts,
  type Parameters,
  REACHABLE_STAGES,
  type ReachableStage,
  type Row,
} from '../types.ts';
import { selectLeads } from '../window.ts';
import { countWhere, type Leads } from './measures.ts';

function stageRow(leads: Leads, stage: ReachableStage): Row {
  const reachedBy = (wanted: ReachableStage) =>
    countWhere(leads, (placed) => hasReached(placed.state, wanted));
  const before = REACHABLE_STAGES[REACHABLE_STAGES.indexOf(stage) - 1];
  const count = countWhere(leads, (placed) => placed.state.current_stage === stage);
  const reachedBefore = before === undefined ? null : reachedBy(before);
  return {
    current_stage: stage,
    count,
    percentage: percent(count, leads.length),
    previous_stage_count: reachedBefore,
    conversion_from_previous:
      reachedBefore === null ? null : percent(reachedBy(stage), reachedBefore),
    reached_count: reachedBy(stage),
    died_here: countWhere(
      leads,
      (placed) => placed.state.dead && placed.state.furthest_stage === stage,
    ),
  };
}

export function conversionFunnel(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const dead = countWhere(counted, (placed) => placed.state.dead);
  const deadRow: Row = {
    current_stage: 'dead',
    count: dead,
    percentage: percent(dead, counted.length),
    previous_stage_count: null,
    conversion_from_previous: null,
    reached_count: dead,
    died_here: null,
  };
  const rows = REACHABLE_STAGES.map((stage) => stageRow(counted, stage));
  return { excluded, rows: [...rows, deadRow] };
}
