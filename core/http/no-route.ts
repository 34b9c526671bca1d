import { routes } from '../catalogue/routes.ts';
import { Problem } from './problem.ts';

/**
 * Throws what `$default` answers: 405 where the path is known with other methods, 404 where it is
 * not.
 */
export function noRoute(rawPath: string): never {
  const methods = routes
    .filter((route) => pattern(route.path).test(rawPath))
    .map((route) => route.method);
  if (methods.length === 0) throw new Problem(404, 'There is nothing at this address.');
  const allow = [...new Set(methods)].join(', ');
  throw new Problem(405, `This address takes ${allow}.`, { headers: { allow } });
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
