import { writeFileSync } from 'node:fs';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import type { Json, JsonObject } from '../json.ts';
import { badRequest, forbidden, GcsError, invalidCredentials, loginRequired, noObject, payerMissing } from './gcs-error.ts';
import { type Draft, type ObjectStore, resourceOf, type StoredObject } from './object-store.ts';
import { readMetadata, readWhole } from './read-upload.ts';
import { sendMedia } from './send-media.ts';
import type { TokenDesk } from './token-desk.ts';
import type { Progress, UploadSessions } from './upload-sessions.ts';

export interface GcsParts {
  desk: TokenDesk;
  store: ObjectStore;
  sessions: UploadSessions;
  /** Buckets whose requester pays. */
  requesterPays: ReadonlySet<string>;
  url(): string;
  /** Answers with media that are on their way. */
  downloads: Set<Response>;
}

type Handler = (request: Request, response: Response, may: (permission: string) => void) => unknown;

const asked = (request: Request, name: string): string | undefined => {
  const value = request.query[name];
  return typeof value === 'string' ? value : undefined;
};
const param = (request: Request, name: string): string => String(request.params[name]);

/** The routes of Cloud Storage's JSON API that storage steps use, and the token endpoint. */
export function gcsRoutes(parts: GcsParts): Router {
  const { desk, store, sessions, url, downloads } = parts;
  const router = Router();
  router.post('/token', express.urlencoded({ extended: false }), (request, response) => {
    const { status, body } = desk.issue((request.body ?? {}) as Record<string, string>, `${url()}/token`);
    response.status(status).json(body);
  });

  const answer =
    (handle: Handler) =>
    async (request: Request, response: Response): Promise<void> => {
      await handle(request, response, rightsOf(parts, request));
    };

  router.get(
    '/storage/v1/b/:bucket/o',
    answer((request, response, may) => {
      may('storage.objects.list');
      response.json(listing(store, request));
    }),
  );
  for (const way of ['/storage', '/download/storage']) {
    router.get(
      `${way}/v1/b/:bucket/o/:object`,
      answer(async (request, response, may) => {
        store.objectsOf(param(request, 'bucket'));
        may('storage.objects.get');
        const object = wanted(store, request);
        if (way === '/storage' && asked(request, 'alt') !== 'media') response.json(resourceOf(object));
        else {
          downloads.add(response);
          await sendMedia(object, request, response).finally(() => downloads.delete(response));
        }
      }),
    );
  }
  router.delete(
    '/storage/v1/b/:bucket/o/:object',
    answer((request, response, may) => {
      may('storage.objects.delete');
      store.remove(param(request, 'bucket'), param(request, 'object'));
      response.status(204).end();
    }),
  );

  const upload = '/upload/storage/v1/b/:bucket/o';
  router.post(
    upload,
    answer(async (request, response, may) => {
      store.objectsOf(param(request, 'bucket'));
      may('storage.objects.create');
      const type = asked(request, 'uploadType');
      if (type === 'resumable') {
        const id = sessions.begin(mayReplace(store.draft(placeOf(request, await readMetadata(request))), store, may));
        const path = `/upload/storage/v1/b/${encodeURIComponent(param(request, 'bucket'))}/o`;
        response.setHeader('Location', `${url()}${path}?uploadType=resumable&upload_id=${id}`);
        response.setHeader('X-GUploader-UploadID', id).status(200).end();
      } else if (type === 'media' || type === 'multipart') {
        const { metadata, media } = await readWhole(request, type);
        const draft = mayReplace(store.draft(placeOf(request, metadata)), store, may);
        writeFileSync(draft.file, media);
        draft.hash.update(media);
        draft.size = media.length;
        checkMd5(draft, metadata.md5Hash);
        response.json(resourceOf(store.publish(draft)));
      } else throw badRequest(`Invalid upload type: ${type ?? ''}`);
    }),
  );
  // The address of a session is its own proof; it needs no token.
  router.put(upload, async (request, response) => {
    const id = asked(request, 'upload_id') ?? '';
    const md5 = /(?:^|,\s*)md5=([^,]+)/.exec(String(request.headers['x-goog-hash'] ?? ''))?.[1];
    sendProgress(await sessions.put(id, request, md5), response);
  });
  router.delete(upload, (request, response) => {
    sessions.cancel(asked(request, 'upload_id') ?? '');
    response.status(499).end();
  });

  router.use((_request: Request, response: Response) => void response.status(404).send('Not Found'));
  router.use((thrown: unknown, request: Request, response: Response, _next: NextFunction) => {
    if (request.destroyed && !request.complete) return;
    const error = thrown instanceof GcsError ? thrown : new GcsError(503, 'backendError', `Backend Error: ${String(thrown)}`);
    if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="https://accounts.google.com/", error="invalid_token"');
    response.status(error.status).json(error);
  });
  return router;
}

/** What the bearer of the request's token may do; throws 401 when there is none. */
function rightsOf({ desk, requesterPays }: GcsParts, request: Request): (permission: string) => void {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw loginRequired();
  const bearer = desk.bearerOf(token);
  if (!bearer) throw invalidCredentials();
  const pays = asked(request, 'userProject') ?? request.headers['x-goog-user-project'];
  if (requesterPays.has(param(request, 'bucket')) && pays === undefined) throw payerMissing();
  return (permission) => {
    const isReading = permission === 'storage.objects.get' || permission === 'storage.objects.list';
    if (bearer.isReadOnly && !isReading)
      throw new GcsError(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.');
    if (!bearer.account.permissions.includes(permission)) throw forbidden(bearer.account.email, permission);
  };
}

function listing(store: ObjectStore, request: Request): JsonObject {
  const token = asked(request, 'pageToken');
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString('utf8');
  if (token !== undefined && Buffer.from(after).toString('base64') !== token) throw badRequest('Invalid argument.');
  const most = Number(asked(request, 'maxResults') ?? 1000);
  const { objects, isMore } = store.page(param(request, 'bucket'), { prefix: asked(request, 'prefix') ?? '', after, most });
  const next = isMore ? { nextPageToken: Buffer.from(objects.at(-1)?.name ?? '').toString('base64') } : {};
  return { kind: 'storage#objects', ...next, ...(objects.length === 0 ? {} : { items: objects.map(resourceOf) }) };
}

function wanted(store: ObjectStore, request: Request): StoredObject {
  const [bucket, name] = [param(request, 'bucket'), param(request, 'object')];
  const object = store.get(bucket, name);
  const generation = asked(request, 'generation');
  if (generation !== undefined && Number(generation) !== object.generation) throw noObject(bucket, name);
  const match = asked(request, 'ifGenerationMatch');
  store.checkGeneration({ bucket, name, generationMatch: match === undefined ? undefined : Number(match) });
  return object;
}

function checkMd5({ hash }: Draft, told: Json | undefined): void {
  const found = hash.copy().digest('base64');
  if (typeof told === 'string' && told !== found)
    throw badRequest(`Provided MD5 hash "${told}" doesn't match calculated MD5 hash "${found}".`);
}

function sendProgress(progress: Progress, response: Response): void {
  if ('object' in progress) return void response.json(resourceOf(progress.object));
  if (progress.kept > 0) response.setHeader('Range', `bytes=0-${progress.kept - 1}`);
  response.status(308).end();
}

/** Replacing an object takes the right to delete it. */
function mayReplace(draft: Draft, store: ObjectStore, may: (permission: string) => void): Draft {
  if (store.find(draft.bucket, draft.name)) may('storage.objects.delete');
  return draft;
}

function placeOf(
  request: Request,
  metadata: JsonObject,
): Pick<Draft, 'bucket' | 'name' | 'contentType' | 'contentEncoding' | 'generationMatch'> {
  const name = asked(request, 'name') ?? metadata.name;
  if (typeof name !== 'string' || name === '') throw new GcsError(400, 'required', 'Required');
  if (Buffer.byteLength(name) > 1024) throw badRequest('The specified object name is too long.');
  const match = asked(request, 'ifGenerationMatch');
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);
  return {
    bucket: param(request, 'bucket'),
    name,
    contentType:
      text(metadata.contentType) ?? text(request.headers['x-upload-content-type'] as string | undefined) ?? 'application/octet-stream',
    contentEncoding: text(metadata.contentEncoding) ?? asked(request, 'contentEncoding'),
    generationMatch: match === undefined ? undefined : Number(match),
  };
}
