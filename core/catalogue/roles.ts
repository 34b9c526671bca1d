import type { Route, Scope } from './routes.ts';

/** What a person may be, the most powerful first, and the scopes that go with it. */
export const roles = {
  admin: {
    summary: 'Runs the workspace',
    scopes: ['reports:read', 'leads:write', 'events:write', 'admin'],
  },
  manager: {
    summary: "Sees and corrects everyone's leads",
    scopes: ['reports:read', 'leads:write', 'events:write'],
  },
  agent: {
    summary: 'Sees and corrects the own leads, and no one else’s',
    scopes: ['reports:read', 'leads:write', 'events:write'],
  },
} as const satisfies Record<string, { summary: string; scopes: readonly Scope[] }>;

/** The group that gives a person the role has its name. */
export type Role = keyof typeof roles;

/** All of them, the most powerful first. */
export const roleNames = Object.keys(roles) as Role[];

/** Whether the scopes open the route, and where a person calls, the role too. */
export function mayCall(
  caller: { scopes: readonly string[]; role?: Role | undefined },
  { access, people }: Route,
): boolean {
  if (!caller.scopes.includes(access)) return false;
  return people !== 'managers' || caller.role !== 'agent';
}

/** The roles whose people may call a route that is not public. */
export function rolesOf(route: Route): Role[] {
  return roleNames.filter((role) => mayCall({ role, scopes: roles[role].scopes }, route));
}
