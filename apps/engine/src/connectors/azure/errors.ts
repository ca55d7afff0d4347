import { CancelledError, type ErrorCodeName, FatalError, isStudioError, RetryableError } from '#dataflow';
import { retryAfterMs } from '../http.ts';
import { faultCode, faultText, isPassing } from '../network.ts';

export interface AzureAttempt {
  /** For the error text, e.g. `Writing out/a.csv`. */
  doing: string;
  /** Host and container, never a signature. */
  where: { host: string; container: string };
  /** How the step proves who it is. */
  login: 'key' | 'signature';
  signal: AbortSignal;
  /** What the address guard refused; the client library keeps only its text. */
  refused?: unknown;
}

/** What the client library throws for an answer or a broken connection, as far as it is used here. */
interface RestFault {
  statusCode?: number;
  code?: string;
  details?: { message?: string };
  response?: { headers?: { get(name: string): string | undefined } };
}

interface Meaning {
  code: ErrorCodeName;
  cause: string;
  remedy: string;
}

/** Error codes of Blob Storage ("Blob service error codes", "Common REST API error codes") that need more than their own words. */
const meanings: Record<string, Meaning> = {
  ContainerNotFound: { code: 'notFound', cause: 'the container does not exist', remedy: 'Check container; it is not made by this step.' },
  ContainerBeingDeleted: { code: 'notFound', cause: 'the container is being deleted', remedy: 'Check container.' },
  BlobNotFound: { code: 'notFound', cause: 'the blob does not exist any more', remedy: 'Run the job again.' },
  InvalidResourceName: {
    code: 'invalidParameter',
    cause: 'the name is none Azure allows',
    remedy: 'Check container, blobPrefix and the file name.',
  },
  InvalidUri: {
    code: 'invalidParameter',
    cause: 'the name is none Azure allows',
    remedy: 'Check container, blobPrefix and the file name.',
  },
  ConditionNotMet: {
    code: 'malformedFile',
    cause: 'the connection was lost and the blob is not the same any more',
    remedy: 'Run the job again.',
  },
  BlobArchived: {
    code: 'targetRefused',
    cause: 'the blob lies in the archive tier',
    remedy: 'Rehydrate it, or leave it out by fileNameRegex.',
  },
  AccountIsDisabled: { code: 'notAllowed', cause: 'the storage account is disabled', remedy: 'Ask the owner of the account.' },
  AuthorizationPermissionMismatch: { code: 'notAllowed', cause: 'the right to it is missing', remedy: 'Have the signature grant it.' },
  AuthorizationSourceIPMismatch: {
    code: 'notAllowed',
    cause: 'the signature is for another address',
    remedy: 'Have the signature made without sip.',
  },
  AuthorizationProtocolMismatch: {
    code: 'notAllowed',
    cause: 'the signature wants https',
    remedy: 'Have the broker hand out an https address.',
  },
};

/** AuthorizationFailure is also the answer to a network that is not let in. */
const refusedLogin = {
  key: {
    cause: 'the key does not fit, or this network is not let in',
    remedy: 'Check accountName and accountKey, the clock of this machine and the network rules of the account.',
  },
  signature: {
    cause: 'the signature is wrong, has expired or grants too little, or this network is not let in',
    remedy: 'Have the broker make a new one; check its clock and the network rules of the account.',
  },
};

/** Anything that was thrown on the way to, or by, Blob Storage. */
export function azureError(thrown: unknown, attempt: AzureAttempt): Error {
  if (isStudioError(thrown)) return thrown;
  if (attempt.signal.aborted) return new CancelledError();
  if (isStudioError(attempt.refused)) return attempt.refused;
  const fault = thrown as RestFault;
  return typeof fault.statusCode === 'number' ? answerError(fault, fault.statusCode, attempt) : networkFault(thrown, attempt);
}

function answerError(fault: RestFault, status: number, attempt: AzureAttempt): Error {
  const { where, login } = attempt;
  const name = fault.code ?? '';
  const said = `HTTP ${status}${name === '' ? '' : ` ${name}`}`;
  const details = { host: where.host, container: where.container, status, ...(name === '' ? {} : { azureCode: name }) };
  if (status === 408 || status === 429 || status >= 500) {
    const header = (key: string) => fault.response?.headers?.get(key);
    const waitMs = Number(header('x-ms-retry-after-ms')) || retryAfterMs(header('retry-after'));
    const message = sentence(attempt, { cause: `the storage is busy (${said})` });
    return new RetryableError(message, { code: 'targetRefused', details, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) });
  }
  const known = meanings[name];
  if (known) return new FatalError(sentence(attempt, { ...known, cause: `${known.cause} (${said})` }), { code: known.code, details });
  if (status === 401 || (status === 403 && /^(AuthenticationFailed|InvalidAuthenticationInfo|AuthorizationFailure)?$/.test(name))) {
    const { cause, remedy } = refusedLogin[login];
    return new FatalError(sentence(attempt, { cause: `${cause} (${said})`, remedy }), { code: 'authenticationFailed', details });
  }
  const code = status === 403 ? 'notAllowed' : status === 404 ? 'notFound' : 'targetRefused';
  const words = fault.details?.message?.split('\n')[0]?.trim() ?? '';
  return new FatalError(sentence(attempt, { cause: words === '' ? said : `${words.replace(/\.$/, '')} (${said})` }), { code, details });
}

function networkFault(thrown: unknown, attempt: AzureAttempt): Error {
  const code = faultCode(thrown);
  const details = { host: attempt.where.host, container: attempt.where.container };
  const options = { code: code === 'ETIMEDOUT' ? 'timeout' : 'connectionFailed', details } as const;
  const remedy =
    code === 'ENOTFOUND' && attempt.login === 'key' ? 'Check accountName, or endpoint when the account is not in the public cloud.' : '';
  if (/EPROTO|ERR_SSL/.test(code ?? '')) {
    const speaks = 'Check endpoint: https where the service speaks http only, or the other way round.';
    return new FatalError(sentence(attempt, { cause: faultText(thrown), remedy: speaks }), options);
  }
  const message = sentence(attempt, { cause: faultText(thrown), remedy });
  return isPassing(thrown) ? new RetryableError(message, options) : new FatalError(message, options);
}

function sentence({ doing, where }: AzureAttempt, { cause, remedy = '' }: { cause: string; remedy?: string }): string {
  const place = `host = ${where.host}, container = ${where.container}`;
  return `${doing} failed: cause = ${cause.replace(/\s+/g, ' ')}, ${place}.${remedy === '' ? '' : ` ${remedy}`}`;
}
