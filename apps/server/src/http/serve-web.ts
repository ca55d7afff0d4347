import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type RequestHandler, Router } from 'express';

const compress = promisify(gzip);
const compressible = /\.(?:js|css|html|svg|json|map|wasm)$/;
const YEAR_SECONDS = 31_536_000;

/**
 * The built studio: files under `assets` carry a hash in their name and are kept by browsers for a year; everything else is asked
 * for anew each time. Any address that is no file is a page of the studio.
 */
export function serveWeb(folder: string): Router {
  const index = path.join(folder, 'index.html');
  const routes = Router();
  routes.use('/api', (_request, response) => {
    response.status(404).json({ error: { message: 'There is nothing at this address.' } });
  });
  routes.use(
    '/assets',
    gzipped(path.join(folder, 'assets')),
    express.static(path.join(folder, 'assets'), { immutable: true, maxAge: YEAR_SECONDS * 1000, index: false, fallthrough: false }),
  );
  routes.use(
    express.static(folder, { index: false, cacheControl: false, setHeaders: (response) => response.set('Cache-Control', 'no-cache') }),
  );
  routes.get('/{*page}', (_request, response) => {
    response.set('Cache-Control', 'no-cache');
    if (existsSync(index)) response.sendFile(index);
    else response.status(503).type('text').send('The studio is not built yet. Run "npm run build".');
  });
  return routes;
}

/** Sends text files compressed to those who take it; each is compressed once and kept in memory. */
function gzipped(folder: string): RequestHandler {
  const kept = new Map<string, Promise<Buffer | undefined>>();
  const load = async (file: string) => readFile(file).then(compress, () => undefined);
  return async (request, response, next) => {
    const name = path.posix.basename(request.path);
    if (
      !compressible.test(name) ||
      request.path !== `/${name}` ||
      !request.acceptsEncodings('gzip') ||
      !['GET', 'HEAD'].includes(request.method)
    )
      return next();
    const content = kept.get(name) ?? load(path.join(folder, name));
    kept.set(name, content);
    const body = await content;
    if (!body) {
      kept.delete(name);
      return next();
    }
    response.set({ 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding', 'Cache-Control': `public, max-age=${YEAR_SECONDS}, immutable` });
    response.type(path.extname(name)).send(body);
  };
}
