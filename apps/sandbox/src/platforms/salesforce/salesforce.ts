import express, { type ErrorRequestHandler, type Response, Router } from 'express';
import type { JsonObject } from '../../json.ts';
import type { Platform } from '../platform.ts';
import { BulkJobs, type BulkOptions } from './bulk-jobs.ts';
import { type CallFault, saveCollection } from './collections.ts';
import { demoSalesforce, Sessions } from './login.ts';
import { describeObject, objectTypes } from './objects.ts';
import { Org, type SaveResult } from './org.ts';
import { runQuery } from './soql.ts';

export { demoSalesforce };

export interface SalesforceOptions extends BulkOptions {
  /** REST calls a day: 100,000. */
  callsPerDay?: number;
}

/** Most bytes of one upload. */
const UPLOAD_LIMIT = 150_000_000;

/**
 * Salesforce with leads, contacts and (person) accounts: login by SOAP, describe, SOQL for looking up, sObject collections, Bulk API 2.0
 * ingest.
 *
 * From developer.salesforce.com/docs: SOAP API login(), REST API sObject Collections, sObject Describe and Query, Bulk API 2.0 and its
 * limits, Object Reference for required fields. Addresses and headers of more than 16,384 bytes are refused with 431, as there.
 */
export const salesforceWith = (options: SalesforceOptions): Platform & { name: 'salesforce' } => ({
  name: 'salesforce',
  start: ({ url }) => {
    let world = freshWorld(options);
    const router = Router();
    router.post('/services/Soap/:kind/:version', express.text({ type: () => true }), (request, response) =>
      world.sessions.login(request, response, url()),
    );
    const data = Router({ mergeParams: true });
    data.use((request, response, next) => {
      if (!world.sessions.accepts(request.get('authorization')))
        refuse(response, { status: 401, errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' });
      else if (++world.calls > (options.callsPerDay ?? 100_000))
        refuse(response, { status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' });
      else next();
    });
    data.use(express.json({ limit: '50mb' }));
    addObjects(data, () => world);
    addBulk(data, () => world);
    data.use((_request, response) =>
      refuse(response, { status: 404, errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }),
    );
    data.use(((_error, _request, response, _next) =>
      refuse(response, { status: 400, errorCode: 'JSON_PARSER_ERROR', message: 'Unexpected character' })) satisfies ErrorRequestHandler);
    router.use('/services/data/v:version', data);
    return {
      router,
      state: () => ({
        sessions: world.sessions.ids.size,
        jobs: world.bulk.jobs.map(({ state, save }) => `${save.operation} ${state}`),
        ...Object.fromEntries(objectTypes.map((type) => [type.name, world.org.records(type).slice(42)])),
        seeded: Object.fromEntries(objectTypes.map((type) => [type.name, world.org.records(type).slice(0, 42)])),
      }),
      reset: () => {
        world = freshWorld(options);
      },
    };
  },
});

/** With the documented limits. */
export const salesforce = salesforceWith({});

type World = ReturnType<typeof freshWorld>;

function freshWorld(options: SalesforceOptions) {
  const org = new Org();
  return { org, sessions: new Sessions(), bulk: new BulkJobs(org, options), calls: 0 };
}

const refuse = (response: Response, { status, errorCode, message }: CallFault): void =>
  void response.status(status).json([{ errorCode, message }]);

const isFault = (result: JsonObject | SaveResult[] | CallFault): result is CallFault => 'errorCode' in result && 'status' in result;

function answer(response: Response, result: JsonObject | SaveResult[] | CallFault, status = 200): void {
  if (isFault(result)) refuse(response, result);
  else response.status(status).json(result);
}

function addObjects(data: Router, world: () => World): void {
  data.get('/sobjects/:object/describe', ({ params }, response) => {
    const type = objectTypes.find(({ name }) => name === params.object);
    if (type) response.json(describeObject(type));
    else refuse(response, { status: 404, errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' });
  });
  data.get('/query', ({ query }, response) => {
    const records = runQuery(world().org, String(query.q ?? ''));
    if (Array.isArray(records)) response.json({ totalSize: records.length, done: true, records });
    else refuse(response, { status: 400, ...records });
  });
  data.post('/composite/sobjects', ({ body }, response) => answer(response, saveCollection(world().org, body, { operation: 'insert' })));
  data.patch('/composite/sobjects', ({ body }, response) => answer(response, saveCollection(world().org, body, { operation: 'update' })));
  data.patch('/composite/sobjects/:object/:key', ({ body, params: { object, key } }, response) =>
    answer(response, saveCollection(world().org, body, { operation: 'upsert', object, key })),
  );
}

function addBulk(data: Router, world: () => World): void {
  data.post('/jobs/ingest', ({ body, params }, response) =>
    answer(response, world().bulk.create(body, String((params as JsonObject).version))),
  );
  data.put('/jobs/ingest/:id/batches', express.text({ type: 'text/csv', limit: UPLOAD_LIMIT }), ({ body, params }, response) => {
    const refused = world().bulk.upload(params.id, String(body));
    if (refused) refuse(response, refused);
    else response.status(201).end();
  });
  data.patch('/jobs/ingest/:id', ({ body, params }, response) => answer(response, world().bulk.setState(params.id, body?.state)));
  data.get('/jobs/ingest/:id', ({ params }, response) => answer(response, world().bulk.info(params.id)));
  data.get('/jobs/ingest/:id/:results', ({ params }, response) => {
    const results = world().bulk.results(params.id, params.results);
    if (typeof results === 'string') response.type('text/csv').send(results);
    else refuse(response, results);
  });
}
