import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { isObject } from '../../json.ts';
import type { Platform, PlatformPlace, RunningPlatform } from '../platform.ts';
import { DataExtension, type Row } from './data-extension.ts';
import { Tokens } from './tokens.ts';

/** What the stand-in accepts. */
export const demoExactTarget = {
  clientId: 'sandboxinstalledpackage1',
  clientSecret: 'SandboxInstalledPackageSecret',
  dataExtension: 'GigyaSubscribers',
  primaryKeys: 'GUID,EMAIL',
} as const;

/** Most bytes of a rowset call. */
const PAYLOAD_LIMIT = 5 * 1024 * 1024;

/**
 * Salesforce Marketing Cloud (ExactTarget): tokens of both kinds and the synchronous rowset of data extensions. A rowset is saved
 * whole or not at all, and the refusal names columns, not rows.
 *
 * From developer.salesforce.com/docs/marketing/marketing-cloud/guide: access-token-s2s, requestToken, postDataExtensionRowsetByKey,
 * and the texts of refusals that users of it published.
 */
export const exacttarget: Platform & { name: 'exacttarget' } = {
  name: 'exacttarget',
  start: (place: PlatformPlace): RunningPlatform => {
    let world = freshWorld(place);
    const router = Router();
    router.use(express.json({ limit: PAYLOAD_LIMIT, strict: false }));
    router.post('/v2/token', (request, response) => world.tokens.grant(request, response));
    router.post('/v1/requestToken', (request, response) => world.tokens.grantLegacy(request, response));
    router.use((request, response, next) => {
      if (world.tokens.accepts(request.get('authorization'))) next();
      else refuse(response, 401, 'Not Authorized', 0);
    });
    router.post('/hub/v1/dataevents/:reference/rowset', (request, response) => saveRows(world.extensions, request, response));
    router.get('/data/v1/customobjectdata/key/:key/rowset', (request, response) => {
      const extension = world.extensions.find(({ key }) => key.toLowerCase() === request.params.key.toLowerCase());
      if (!extension) return void refuse(response, 404, 'Unable to find a data extension with this key.', 404);
      const pageSize = Number(request.query.$pageSize ?? 50);
      const items = [...extension.rows.values()].slice(0, pageSize);
      response.json({
        requestToken: 'page',
        customObjectId: extension.id,
        customObjectKey: extension.key,
        pageSize,
        page: 1,
        count: extension.rows.size,
        items,
      });
    });
    router.use(((error: { type?: string }, _request, response, _next) => {
      if (error.type === 'entity.too.large') refuse(response, 413, 'The request entity is too large', 413);
      else refuse(response, 400, 'The request body is not valid JSON', 10003);
    }) satisfies ErrorRequestHandler);
    return {
      router,
      state: () => ({
        tokens: world.tokens.issued,
        rows: Object.fromEntries(
          world.extensions.map(({ key, rows }) => [key, [...rows.values()].map(({ keys, values }) => ({ ...keys, ...values }))]),
        ),
      }),
      reset: () => {
        world = freshWorld(place);
      },
    };
  },
};

const freshWorld = (place: PlatformPlace) => ({
  tokens: new Tokens(place, demoExactTarget),
  extensions: [
    new DataExtension(demoExactTarget.dataExtension, 'dcf7a0f9-ff23-4f11-b859-48df37dc1382', [
      { name: 'GUID', type: 'Text', length: 50, primaryKey: true },
      { name: 'EMAIL', type: 'EmailAddress', length: 254, primaryKey: true },
      { name: 'FNAME', type: 'Text', length: 50 },
      { name: 'LNAME', type: 'Text', length: 50 },
      { name: 'UNAME', type: 'Text', length: 100 },
      { name: 'BIRTHDATE', type: 'Date' },
      { name: 'POINTS', type: 'Number' },
      { name: 'OPTIN', type: 'Boolean' },
    ]),
  ],
});

function refuse(response: Response, status: number, message: string, errorcode: number): void {
  response.status(status).json({ message, errorcode, documentation: '' });
}

function saveRows(extensions: readonly DataExtension[], { params, body }: Request, response: Response): void {
  const reference = String(params.reference);
  const extension = extensions.find(({ key, id }) => reference.toLowerCase() === `key:${key.toLowerCase()}` || reference === id);
  if (!extension) return void refuse(response, 400, 'Parameter {guid} is invalid.', 10001);
  if (!Array.isArray(body) || body.length === 0 || !body.every(isRow))
    return void refuse(response, 400, 'Parameter {payload} is invalid.', 10001);
  const strange = body.map((row) => extension.strangeKey(row)).find((name) => name !== undefined);
  if (strange !== undefined) return void refuse(response, 400, `Primary key '${strange}' does not exist.`, 10000);
  const additionalErrors = body.flatMap((row) => extension.faults(row));
  if (additionalErrors.length > 0) {
    const message = `Unable to save rows for data extension ID ${extension.id}`;
    return void response.status(400).json({ message, errorcode: 10006, documentation: '', additionalErrors });
  }
  for (const row of body) extension.upsert(row);
  response.json(body);
}

const isRow = (row: unknown): row is Row => isObject(row) && isObject(row.keys) && Object.keys(row.keys).length > 0 && isObject(row.values);
