import { type Route, routeKey } from '../../core/catalogue/routes.ts';

/** The route of a request, as API Gateway chooses it; `$default` where none fits. */
export interface MatchedRoute {
  readonly routeKey: string;
  readonly route: Route | undefined;
  readonly pathParameters: Record<string, string>;
}

/** Finds routes: the one with most literal segments wins. */
export function routeMatcher(routes: readonly Route[]) {
  const literalFirst = routes.toSorted((a, b) => variables(a.path) - variables(b.path));
  return (method: string, path: string): MatchedRoute => {
    for (const route of literalFirst) {
      if (route.method !== method) continue;
      const pathParameters = match(route.path, path);
      if (pathParameters) return { routeKey: routeKey(route), route, pathParameters };
    }
    return { routeKey: '$default', route: undefined, pathParameters: {} };
  };
}

/** Percent signs that decode to nothing stay as they are. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function variables(path: string): number {
  return path.split('{').length - 1;
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) {
      if (value === '') return undefined;
      parameters[segment.slice(1, -1)] = decodePath(value);
    } else if (segment !== value) return undefined;
  }
  return parameters;
}
