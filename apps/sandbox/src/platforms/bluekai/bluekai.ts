import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import type { Platform } from '../platform.ts';

/** What the stand-in accepts. */
export const bluekaiDemo = { siteId: '48419', bkuid: 'demo-web-service-user-key', secretKey: 'demo-web-service-private-key' };

const LONGEST_ADDRESS = 8192;

/**
 * Stand-in for the User Data API of Oracle BlueKai (Oracle Data Cloud): one signed GET for each user, attributes as
 * `phint`s. Written from the Oracle Data Cloud Help Center: "User Data API", "Authenticating API calls", "API FAQ" (every
 * error of a call answers 400 with JSON; refused keys 403).
 */
export const bluekai: Platform & { name: 'bluekai' } = {
  name: 'bluekai',
  start: () => {
    const users = new Map<string, Map<string, string[]>>();
    const router = Router();
    router.get('/getdata/:siteId/:version', (request, response) => {
      const query = new URL(request.originalUrl, 'http://localhost').searchParams;
      const refusal = refusalOf(request, query);
      if (refusal) return void refuse(response, ...refusal);
      const id = query.get('puserid') ?? query.get('userid') ?? '';
      const hints = query.getAll('phint').map((hint) => splitAt(hint, '='));
      const user = users.get(id) ?? new Map<string, string[]>();
      for (const [key, value] of hints) user.set(key, [...(user.get(key) ?? []), value]);
      if (hints.length > 0) users.set(id, user);
      response.json({ status: 'OK', campaigns: [], categories: [] });
    });
    router.use((_request, response) => void refuse(response, 404, 'Not found'));
    return {
      router,
      state: () => ({ users: Object.fromEntries([...users].map(([id, user]) => [id, Object.fromEntries(user)])) }),
      reset: () => users.clear(),
    };
  },
};

function refusalOf(request: Request, query: URLSearchParams): [number, string] | undefined {
  if (request.originalUrl.length > LONGEST_ADDRESS) return [400, 'Request-URI too long'];
  if (query.get('bkuid') !== bluekaiDemo.bkuid) return [403, 'Unknown bkuid'];
  if (!isSigned(request)) return [403, 'Invalid bksig'];
  if (request.params.siteId !== bluekaiDemo.siteId) return [400, `Site ${request.params.siteId} does not belong to this partner`];
  if (request.params.version !== 'v1.2') return [400, 'Unsupported version'];
  if (!query.get('puserid') && !query.get('userid')) return [400, 'userid or puserid is required'];
  const bad = query.getAll('phint').find((hint) => !/^[^=]+=/.test(hint));
  return bad === undefined ? undefined : [400, `phint '${bad}' is not key=value`];
}

/** Method, path and the values of the query as they were sent, without the signature's own two parameters at its end. */
function isSigned({ originalUrl }: Request): boolean {
  const [path = '', query = ''] = splitAt(originalUrl, '?');
  const parts = query.split('&').map((part) => splitAt(part, '='));
  const given = decodeURIComponent(parts.find(([name]) => name === 'bksig')?.[1] ?? '');
  const values = parts.filter(([name]) => name !== 'bksig' && name !== 'bkuid').map(([, value]) => value);
  const signed = createHmac('sha256', bluekaiDemo.secretKey)
    .update(`GET${path.replace(/^\/bluekai/, '')}${values.join('')}`)
    .digest();
  const claimed = Buffer.from(given, 'base64');
  return claimed.length === signed.length && timingSafeEqual(claimed, signed);
}

const refuse = (response: Response, status: number, message: string): Response =>
  response.status(status).json({ status: 'ERROR', message });

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
