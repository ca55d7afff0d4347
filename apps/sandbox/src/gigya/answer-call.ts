import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../json.ts';
import { ApiError } from './api-error.ts';
import type { KnownUser } from './auth/site-users.ts';
import type { CallLog } from './call-log.ts';
import { failure, success } from './envelope.ts';
import { statusOf } from './error-codes.ts';
import type { GigyaFaults, Suffering } from './faults.ts';
import { findMethod } from './methods/index.ts';
import type { Method, SiteState } from './methods/method.ts';
import type { ParallelCalls } from './parallel-calls.ts';
import { type ApiRequest, readRequest } from './read-request.ts';
import type { RecordedCalls } from './recorded-calls.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Everything the calls of one server share. */
export interface Desk {
  site: SiteState;
  authenticate: (request: ApiRequest) => KnownUser;
  rate: TokenBucket | undefined;
  parallel: ParallelCalls;
  faults: GigyaFaults;
  log: CallLog;
  recorded: RecordedCalls;
}

/** Answers one API call; the connection is cut or left open when a fault says so. */
export async function answerCall(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  const { clock } = desk.site;
  let call: ApiRequest | undefined;
  let suffering: Suffering | undefined;
  let answer: JsonObject;
  try {
    call = await readRequest(request);
    desk.log.called(call.apiMethod);
    desk.recorded.add(call);
    suffering = desk.faults.meet(call.apiMethod);
    if (suffering.neverAnswer) return;
    answer = success(await perform(call, desk, suffering), { now: clock(), context: call.params.text('context') });
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    answer = failure(toApiError(error), { now: clock(), context: call?.params.text('context') });
  }
  desk.log.answered(Number(answer.errorCode));
  send(response, answer, { now: clock(), call, cut: suffering?.cutAnswer ?? false });
}

async function perform(call: ApiRequest, desk: Desk, { delayMs, errorCode }: Suffering): Promise<JsonObject> {
  if (desk.rate && !desk.rate.take()) throw new ApiError(403048, 'The site has reached its limit of calls per second');
  const user = desk.authenticate(call);
  const method = findMethod(call.apiMethod);
  if (!method) throw new ApiError(405001, `There is no method ${call.apiMethod}`);
  const uid = method.writes ? call.params.text('UID') : undefined;
  const leave = uid === undefined ? undefined : desk.parallel.enter(uid);
  if (uid !== undefined && !leave) throw new ApiError(409030, `More than 5 calls for UID ${uid} at the same time`);
  try {
    if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
    if (errorCode !== undefined) throw new ApiError(errorCode, 'Injected by the sandbox');
    const answer = await method.handle(call.params, desk.site);
    note(method, call, { user, errorCode: 0, desk });
    return answer;
  } catch (error) {
    note(method, call, { user, errorCode: toApiError(error).errorCode, desk });
    throw error;
  } finally {
    leave?.();
  }
}

/** Tells the audit log of a call, as the platform does: not of every method, and not of calls by an application's key. */
function note(
  { audited = false }: Method,
  { apiMethod, params }: ApiRequest,
  { user, errorCode, desk }: { user: KnownUser; errorCode: number; desk: Desk },
): void {
  if (!audited || user.isApplication) return;
  desk.site.audit.note({ apiMethod, params, apiKey: params.text('apiKey') ?? '', userKey: user.userKey, errorCode });
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500001, error instanceof Error ? error.message : 'Unknown failure');
}

function send(
  response: ServerResponse,
  answer: JsonObject,
  { now, call, cut }: { now: number; call: ApiRequest | undefined; cut: boolean },
): void {
  const body = Buffer.from(JSON.stringify(answer));
  const wantsStatus = call?.params.text('httpStatusCodes')?.toLowerCase() === 'true';
  response.writeHead(wantsStatus ? statusOf(Number(answer.errorCode)) : 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'private',
    Date: new Date(now).toUTCString(),
  });
  if (!cut) response.end(body);
  else response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}
