import type { RequestHandler } from 'express';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that a page of another site makes in a person's name. Browsers send `Origin` with every such request;
 * programs without a browser send none and carry no cookies by accident.
 */
export const sameOrigin =
  (publicUrl: string | undefined): RequestHandler =>
  (request, response, next) => {
    const { origin, host } = request.headers;
    const fetchSite = request.headers['sec-fetch-site'];
    const foreign = origin !== undefined ? !isOwn(origin, host, publicUrl) : fetchSite === 'cross-site' || fetchSite === 'same-site';
    if (foreign && !harmless.has(request.method)) {
      response.status(403).json({ error: { message: 'This request comes from another site and was refused.' } });
      return;
    }
    next();
  };

function isOwn(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === host || (publicUrl !== undefined && new URL(publicUrl).origin === origin);
}
