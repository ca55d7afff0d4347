import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Env } from '../../env.ts';
import { Refusal, type RefusalKind } from '../../refusal.ts';
import type { Services } from '../../services.ts';
import { mayActAs } from '../../users/roles.ts';
import { ApiError, type ErrorCode } from '../api-error.ts';
import { authenticate, type Call } from '../auth/authenticate.ts';
import { idxMethods } from '../methods/index.ts';
import { openApiDocument } from '../openapi-document.ts';
import { type Envelope, failure, success } from './envelope.ts';
import { Parameters } from './parameters.ts';
import { readParameters } from './read-call.ts';

type IdxEnv = Pick<Env, 'publicUrl'>;

const methodsByName = new Map(idxMethods.map((method) => [method.name.toLowerCase(), method]));
const codes: Record<RefusalKind, ErrorCode> = { 'bad-request': 400006, 'not-found': 404000, conflict: 400030, forbidden: 403007 };

/** The idx API under `/idx.<method>`, and its description under `/idx.openapi.json`, which everybody may read. */
export function idxRoutes(services: Services, env: IdxEnv): Router {
  return Router()
    .get('/idx.openapi.json', (_request, response) => {
      response.json(openApiDocument());
    })
    .all(/^\/idx\.[\w.]*$/i, answerCall(services, env));
}

/** Every answer is an envelope, faults included, and has HTTP status 200 unless `httpStatusCodes` is true. */
const answerCall =
  (services: Services, env: IdxEnv): RequestHandler =>
  async (request, response) => {
    let params = new Parameters([]);
    try {
      params = await readParameters(request);
      const fields = await runMethod(services, callOf(request, params, env));
      send(response, params, success(fields, params.text('context')));
    } catch (error) {
      const known = asApiError(error);
      if (!known)
        services.log.error(
          { path: request.path, fault: error instanceof Error ? error.stack : String(error) },
          'A call of the idx API failed.',
        );
      send(
        response,
        params,
        failure(known ?? new ApiError(500001, 'Something went wrong on the server. Its log says what.'), params.text('context')),
      );
    }
  };

async function runMethod(services: Services, call: Call & { method: string }): Promise<object> {
  const method = methodsByName.get(call.method.toLowerCase());
  if (!method) throw new ApiError(405001, `There is no method ${call.method}.`);
  const format = call.params.text('format') ?? 'json';
  if (format.toLowerCase() !== 'json') throw new ApiError(400006, `Invalid argument: format; ${format} is not supported, json is.`);
  const { site, user } = await authenticate(services, call);
  if (!mayActAs(user.role, method.role))
    throw new ApiError(403007, `${method.name} needs a user key with the role ${method.role}; ${user.id} is ${user.role}.`);
  return method.call({ services, site, user }, call.params);
}

function callOf(request: Request, params: Parameters, { publicUrl }: IdxEnv): Call & { method: string } {
  const path = request.originalUrl.split('?')[0] ?? '';
  const { host } = request.headers;
  const origins = [publicUrl && new URL(publicUrl).origin, `http://${host}`, `https://${host}`].filter(
    (origin) => origin && URL.canParse(origin),
  );
  const { remoteAddress = '' } = request.socket;
  return {
    method: path.slice(1),
    params,
    httpMethod: request.method,
    urls: [...new Set(origins)].map((origin) => new URL(`${origin}${path}`)),
    authorization: request.headers.authorization,
    isPrivate: /^(?:127\.|::1$|::ffff:127\.)/.test(remoteAddress) || (publicUrl?.startsWith('https:') ?? false),
  };
}

function asApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  return error instanceof Refusal ? new ApiError(codes[error.kind], error.message) : undefined;
}

function send(response: Response, params: Parameters, envelope: Envelope): void {
  if (params.flag('httpStatusCodes')) response.status(envelope.statusCode);
  response.set('Cache-Control', 'no-store').json(envelope);
}
