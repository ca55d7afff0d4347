import { createPublicKey, type KeyObject } from 'node:crypto';

/** A user or application key of the site. Without `permissions` every method is allowed; `accounts.*` allows a namespace. */
export interface SiteUser {
  userKey: string;
  /** base64 text of the HMAC key. */
  secret?: string;
  /** PEM of the RSA key that bearer tokens are checked with. */
  publicKey?: string;
  permissions?: readonly string[];
  /** An application's key: the audit log does not tell its calls. */
  isApplication?: boolean;
}

export interface KnownUser {
  userKey: string;
  secret: string | undefined;
  publicKey: KeyObject | undefined;
  isApplication: boolean;
  mayCall(apiMethod: string): boolean;
}

export function knowUsers(users: readonly SiteUser[]): Map<string, KnownUser> {
  return new Map(users.map((user) => [user.userKey, know(user)]));
}

function know({ userKey, secret, publicKey, permissions, isApplication = false }: SiteUser): KnownUser {
  const allowed = permissions?.map((one) => one.toLowerCase());
  return {
    userKey,
    secret,
    isApplication,
    publicKey: publicKey === undefined ? undefined : createPublicKey(publicKey),
    mayCall: (apiMethod) => {
      if (!allowed) return true;
      const name = apiMethod.toLowerCase();
      return allowed.some((one) => (one.endsWith('.*') ? name.startsWith(one.slice(0, -1)) : one === name));
    },
  };
}
