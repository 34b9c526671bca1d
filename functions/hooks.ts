import { rehearseHook } from '../core/hooks/dry-run.ts';
import {
  listHookMappings,
  listHookPresets,
  setHookMapping,
  showHookMapping,
} from '../core/hooks/hook-mappings.ts';
import { takeHook } from '../core/hooks/take-hook.ts';
import { httpHandler } from '../core/http/stack.ts';

/** Takes in what forms and providers send, and says how it is read. */
export const handler = httpHandler<'hooks'>({
  'POST /v1/hooks/{source}': takeHook,
  'GET /v1/hook-mappings': listHookMappings,
  'GET /v1/hook-mappings/{source}': showHookMapping,
  'PUT /v1/hook-mappings/{source}': setHookMapping,
  'POST /v1/hook-mappings/{source}/dry-run': rehearseHook,
  'GET /v1/hook-presets': listHookPresets,
});
