import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { PlatformPlace } from '../platform.ts';

/** Seconds a token lives: 20 minutes less a margin by OAuth 2, an hour less one by the older call. */
const LIFE_SECONDS = 1079;
const LEGACY_LIFE_SECONDS = 3479;

/** Issues and checks access tokens of one installed package. */
export class Tokens {
  issued = 0;
  readonly #ends = new Map<string, number>();
  readonly #place: PlatformPlace;
  readonly #client: { clientId: string; clientSecret: string };

  constructor(place: PlatformPlace, client: { clientId: string; clientSecret: string }) {
    this.#place = place;
    this.#client = client;
  }

  accepts(authorization: string | undefined): boolean {
    const ends = this.#ends.get(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
    return ends !== undefined && ends > this.#place.clock();
  }

  /** `v2/token`. */
  grant({ body }: Request, response: Response): void {
    const refuse = (status: number, error: string, error_description: string) =>
      void response.status(status).json({ error, error_description, error_uri: 'https://developer.salesforce.com/docs' });
    if (body?.grant_type !== 'client_credentials') return void refuse(400, 'unsupported_grant_type', 'The grant type is not supported.');
    if (body.client_id !== this.#client.clientId)
      return void refuse(401, 'invalid_client', 'Invalid client ID. Use the client ID in Marketing Cloud Installed Packages.');
    if (body.client_secret !== this.#client.clientSecret)
      return void refuse(401, 'invalid_client', 'Invalid client secret. Use the client secret in Marketing Cloud Installed Packages.');
    response.json({
      access_token: this.#issue(LIFE_SECONDS),
      token_type: 'Bearer',
      expires_in: LIFE_SECONDS,
      scope: 'data_extensions_read data_extensions_write',
      soap_instance_url: `${this.#place.url()}/`,
      rest_instance_url: `${this.#place.url()}/`,
    });
  }

  /** `v1/requestToken`. */
  grantLegacy({ body }: Request, response: Response): void {
    if (body?.clientId !== this.#client.clientId || body.clientSecret !== this.#client.clientSecret)
      return void response.status(401).json({ message: 'Unauthorized', errorcode: 1, documentation: '' });
    response.json({ accessToken: this.#issue(LEGACY_LIFE_SECONDS), expiresIn: LEGACY_LIFE_SECONDS });
  }

  #issue(lifeSeconds: number): string {
    const token = randomBytes(24).toString('base64url');
    this.issued++;
    this.#ends.set(token, this.#place.clock() + lifeSeconds * 1000);
    return token;
  }
}
