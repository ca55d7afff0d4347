import type { IncomingMessage } from 'node:http';

/** A request as it came in, for tests that keep its shape under review. */
export interface RecordedRequest {
  method: string;
  /** Path and query below the platform's name. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** As text, up to 1 MiB. */
  readonly body: string;
}

const KEPT_BYTES = 1 << 20;
const KEPT_REQUESTS = 1000;

/** The last thousand requests, and how many there were in all. */
export class RequestLog {
  readonly requests: RecordedRequest[] = [];
  count = 0;

  /** Records a request; its body is there as far as the platform has read it. */
  record(request: IncomingMessage, path: string): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const { method = 'GET' } = request;
    this.count++;
    this.requests.push({
      method,
      path,
      headers: textHeaders(request),
      get body() {
        return Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8');
      },
    });
    if (this.requests.length > KEPT_REQUESTS) this.requests.shift();
    const push = request.push.bind(request);
    // Seen as the parser of HTTP hands it over, so that it does not matter how the platform reads it.
    request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (chunk && bytes < KEPT_BYTES) {
        chunks.push(chunk);
        bytes += chunk.length;
      }
      return push(chunk, encoding);
    };
  }

  clear(): void {
    this.requests.length = 0;
    this.count = 0;
  }
}

const textHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
