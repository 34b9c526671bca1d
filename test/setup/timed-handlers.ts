import type { Handler, Handlers } from '../../local/gateway/server.ts';

/** The same handlers, which take every request for one of a time of ours. */
export function atTime(handlers: Handlers, now: () => number): Handlers {
  const timed = Object.entries(handlers).map(([name, handler]) => {
    const run: Handler = (event: { requestContext: object }, context) => {
      const requestContext = { ...event.requestContext, timeEpoch: now() };
      return (handler as Handler)({ ...event, requestContext } as never, context);
    };
    // The authorizer knows of keys, which were made today.
    return [name, name === 'authorize' ? handler : run];
  });
  return Object.fromEntries(timed);
}
