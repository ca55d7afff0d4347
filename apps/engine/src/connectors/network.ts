import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type Access, CancelledError, FatalError, RetryableError, type StepLog } from '#dataflow';

/** What a connector needs of the step that opens it. */
export interface NetworkContext {
  access: Access;
  signal: AbortSignal;
  log: StepLog;
}

/**
 * A resolver for sockets that leaves out every address the operator does not allow. The check sees the address that is
 * really connected to, so a name that resolves differently a moment later gains nothing.
 */
export function guardedLookup(access: Access): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      let refused: unknown;
      const allowed = addresses.filter(({ address }) => {
        try {
          access.address(host, address);
          return true;
        } catch (thrown) {
          refused = thrown;
          return false;
        }
      });
      const [first] = allowed;
      if (!first) callback(refused as NodeJS.ErrnoException, []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Checks a host that is written as an address; sockets do not ask a resolver for those. */
export function checkLiteralAddress(access: Access, host: string): void {
  const address = host.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0) access.address(host, address);
}

const meanings: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the other side cut the connection',
  EPIPE: 'the other side closed the connection',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  UND_ERR_SOCKET: 'the other side cut the connection',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half way',
};

/** Faults that stay as they are however often the call is made. */
const lasting = /^(ENOTFOUND|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|ERR_INVALID)/;

/** The system's name of a socket fault, found through wrappers such as AggregateError. */
export function faultCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code } = thrown as NodeJS.ErrnoException;
  if (typeof code === 'string' && code in meanings) return code;
  const inner = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  return faultCode(inner) ?? (typeof code === 'string' ? code : undefined);
}

/** What a socket fault means, in words. */
export function faultText(thrown: unknown): string {
  const code = faultCode(thrown);
  const known = code === undefined ? undefined : meanings[code];
  if (known) return `${known} (${code})`;
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}

const unreachable = 'Check host and port, and that firewalls on the way let this machine through.';
const untrusted = 'Have its operator install a certificate of a known authority, or make its authority known to this machine.';

const remedies: Record<string, string> = {
  ECONNREFUSED: 'Check host and port, and that the server runs.',
  ENOTFOUND: 'Check the spelling of the host.',
  EAI_AGAIN: 'Check the network of this machine.',
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  UND_ERR_CONNECT_TIMEOUT: unreachable,
  CERT_HAS_EXPIRED: 'Have its operator renew it.',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: 'Give the host by the name its certificate is for.',
};

/** What to do about a socket fault, as a sentence with a blank before it; empty where nothing can be said. */
export function faultRemedy(thrown: unknown): string {
  const remedy = remedies[faultCode(thrown) ?? ''];
  return remedy === undefined ? '' : ` ${remedy}`;
}

/** True when the same connection may work a moment later. */
export const isPassing = (thrown: unknown): boolean => !lasting.test(faultCode(thrown) ?? '');

/** The error of a call that got no answer: cancelled, retryable or fatal, naming what was called. */
export function networkError(
  thrown: unknown,
  { what, details, signal }: { what: string; details: Record<string, string | number>; signal: AbortSignal },
): CancelledError | RetryableError | FatalError {
  if (signal.aborted) return new CancelledError();
  const refused = ownError(thrown);
  if (refused) return refused;
  const code = faultCode(thrown)?.includes('TIME') ? 'timeout' : 'connectionFailed';
  const message = `${what}: ${faultText(thrown)}.${faultRemedy(thrown)}`;
  const options = { code, cause: thrown, details } as const;
  return isPassing(thrown) ? new RetryableError(message, options) : new FatalError(message, options);
}

/** An error of ours that a library carried through, e.g. a refused address. */
function ownError(thrown: unknown): FatalError | undefined {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) if (at instanceof FatalError) return at;
  return undefined;
}
