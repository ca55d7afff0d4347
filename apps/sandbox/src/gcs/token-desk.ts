import { type KeyObject, randomBytes, verify } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** A service account: what it is called, the key that proves it, what it may do. */
export interface ServiceAccount {
  email: string;
  publicKey: KeyObject;
  permissions: readonly string[];
}

export interface TokenAnswer {
  status: number;
  body: JsonObject;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = /^https:\/\/www\.googleapis\.com\/auth\/(cloud-platform|devstorage\.(read_only|read_write|full_control))$/;
const LONGEST_LIFE_SECONDS = 3600;
const SKEW_SECONDS = 300;

const refused = (error: string, error_description: string): TokenAnswer => ({ status: 400, body: { error, error_description } });

/**
 * Issues bearer tokens for signed assertions ("Using OAuth 2.0 for Server to Server Applications"; RFC 7523): the signature,
 * the audience, the scope and the times are checked as Google does, with its words.
 */
export class TokenDesk {
  readonly #accounts: ReadonlyMap<string, ServiceAccount>;
  readonly #clock: () => number;
  readonly #tokens = new Map<string, { account: ServiceAccount; endsMs: number; isReadOnly: boolean }>();

  constructor(accounts: readonly ServiceAccount[], clock: () => number) {
    this.#accounts = new Map(accounts.map((account) => [account.email, account]));
    this.#clock = clock;
  }

  issue(form: { grant_type?: string; assertion?: string }, audience: string): TokenAnswer {
    if (form.grant_type !== GRANT) return refused('unsupported_grant_type', `Invalid grant_type: ${form.grant_type ?? ''}`);
    const assertion = readAssertion(form.assertion ?? '');
    if (!assertion) return refused('invalid_grant', 'Invalid JWT: Failed to parse.');
    const { claims, head, signed, signature } = assertion;
    const account = this.#accounts.get(String(claims.iss));
    if (!account) return refused('invalid_grant', 'Invalid grant: account not found');
    const isSigned = head.alg === 'RS256' && verify('RSA-SHA256', Buffer.from(signed), account.publicKey, signature);
    if (!isSigned) return refused('invalid_grant', 'Invalid JWT Signature.');
    if (claims.aud !== audience) return refused('invalid_grant', 'Invalid JWT: Failed audience check.');
    const scopes = String(claims.scope ?? '').split(' ');
    if (!scopes.every((scope) => SCOPE.test(scope))) return refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
    if (!this.#isTimely(claims)) return refused('invalid_grant', untimely);
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    const isReadOnly = scopes.every((scope) => scope.endsWith('read_only'));
    this.#tokens.set(token, { account, endsMs: this.#clock() + LONGEST_LIFE_SECONDS * 1000, isReadOnly });
    return { status: 200, body: { access_token: token, expires_in: LONGEST_LIFE_SECONDS - 1, token_type: 'Bearer' } };
  }

  /** Whom a token speaks for; undefined when it is unknown or has ended. */
  bearerOf(token: string): { account: ServiceAccount; isReadOnly: boolean } | undefined {
    const held = this.#tokens.get(token);
    return held && held.endsMs > this.#clock() ? held : undefined;
  }

  /** Ends all tokens, as an hour would. */
  endTokens(): void {
    this.#tokens.clear();
  }

  #isTimely({ iat, exp }: JsonObject): boolean {
    if (typeof iat !== 'number' || typeof exp !== 'number') return false;
    const now = this.#clock() / 1000;
    return (
      exp - iat <= LONGEST_LIFE_SECONDS &&
      iat <= now + SKEW_SECONDS &&
      exp > now - SKEW_SECONDS &&
      exp <= now + LONGEST_LIFE_SECONDS + SKEW_SECONDS
    );
  }
}

const untimely =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

function readAssertion(text: string): { head: JsonObject; claims: JsonObject; signed: string; signature: Buffer } | undefined {
  const [head = '', claims = '', signature = '', ...more] = text.split('.');
  const read = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;
  try {
    const [first, second] = [read(head), read(claims)];
    if (more.length > 0 || !isObject(first) || !isObject(second)) return undefined;
    return { head: first, claims: second, signed: `${head}.${claims}`, signature: Buffer.from(signature, 'base64url') };
  } catch {
    return undefined;
  }
}
