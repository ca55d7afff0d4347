import type { Services } from './services.ts';
import type { SignedInUser } from './users/roles.ts';

export interface Context {
  services: Services;
  /** Undefined when nobody is signed in. */
  user: SignedInUser | undefined;
}
