import * as status from '../core/experiments/change-status.ts';
import * as plans from '../core/experiments/experiments.ts';
import { httpHandler } from '../core/http/stack.ts';

/** Plans, starts and decides experiments. */
export const handler = httpHandler<'experiments'>({
  'GET /v1/experiments': plans.listExperiments,
  'POST /v1/experiments': plans.addExperiment,
  'GET /v1/experiments/{id}': plans.showExperiment,
  'PATCH /v1/experiments/{id}': plans.changeExperiment,
  'GET /v1/experiments/{id}/looks': plans.listLooks,
  'POST /v1/experiments/{id}/start': status.startExperiment,
  'POST /v1/experiments/{id}/pause': status.pauseExperiment,
  'POST /v1/experiments/{id}/complete': status.completeExperiment,
  'POST /v1/experiments/{id}/decision': status.decideExperiment,
});
