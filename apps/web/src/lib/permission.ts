import type { Me } from './api.ts';
import { useSession } from './session.ts';

type Role = Me['user']['role'];

/** As the server orders them: each may do all that the ones before it may. */
const order: readonly Role[] = ['viewer', 'editor', 'operator', 'admin'];

/** What the server would refuse somebody of this role, by what it needs. */
export const acts = {
  /** Create, save, rename, duplicate and delete flows; try scripts and connections. */
  edit: 'editor',
  runTest: 'editor',
  /** Run on everything that is due, and stop such a run. */
  run: 'operator',
} as const satisfies Record<string, Role>;

export type Act = keyof typeof acts;

/** Why somebody may not do it; undefined when they may. */
export function refusalOf(role: Role, act: Act): string | undefined {
  const needed = acts[act];
  return order.indexOf(role) >= order.indexOf(needed) ? undefined : `This needs the role ${needed}; you are ${role}.`;
}

/** {@link refusalOf} for who is signed in. */
export function useRefusal(act: Act): string | undefined {
  const { user } = useSession();
  return refusalOf(user.role, act);
}
