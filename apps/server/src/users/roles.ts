import { Refusal } from '../refusal.ts';

/** Each role may do all that the ones before it may. */
export const roles = ['viewer', 'editor', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface SignedInUser {
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** Who is told as the last to have changed something; the demo's seed has no address. */
export type Author = Pick<SignedInUser, 'name'> & Partial<Pick<SignedInUser, 'email'>>;

export const isRole = (value: unknown): value is Role => roles.some((role) => role === value);

export const mayActAs = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export function requireRole(user: SignedInUser, needed: Role, what: string): void {
  if (!mayActAs(user.role, needed)) throw new Refusal('forbidden', `${what} needs the role ${needed}; you are ${user.role}.`);
}
