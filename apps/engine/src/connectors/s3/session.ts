import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { CancelledError, type StepLog } from '#dataflow';
import type { NetworkContext } from '../network.ts';
import { makeS3Client } from './client.ts';
import { regionOf, s3Error } from './errors.ts';
import type { S3Settings } from './settings.ts';

export interface S3Request<T> {
  /** For the error text: `Writing out/a.csv`. */
  doing: string;
  /** The right it takes: `s3:PutObject`. */
  permission: string;
  act(client: S3Client, options: { abortSignal: AbortSignal }): Promise<T>;
  /** Ends this request, beside the signal of the job. */
  signal?: AbortSignal;
  /** Also after the job was stopped, for a while: for tidying up. */
  always?: boolean;
}

/** How long tidying up may take. */
const TIDYING_MS = 20_000;

/** Calls to one bucket. The region of a bucket whose region nobody said is learned from the first refusal. */
export class S3Session {
  readonly settings: S3Settings;
  readonly log: StepLog;
  readonly signal: AbortSignal;
  readonly #access: NetworkContext['access'];
  readonly #stop = new AbortController();
  readonly #onStop = () => this.#stop.abort();
  #client: S3Client;
  /** What was learned; undefined while it is the one asked first, or the one given. */
  #region: string | undefined;

  constructor(settings: S3Settings, { access, signal, log }: NetworkContext) {
    this.settings = settings;
    this.log = log;
    this.signal = signal;
    this.#access = access;
    this.#client = makeS3Client(settings, access);
    signal.addEventListener('abort', this.#onStop, { once: true });
  }

  /** Makes a request, with repetitions for passing faults. Throws errors of this product only. */
  async request<T>(request: S3Request<T>): Promise<T> {
    const { act, always = false } = request;
    if (this.signal.aborted && !always) throw new CancelledError();
    const client = this.#client;
    const options = { abortSignal: always ? AbortSignal.timeout(TIDYING_MS) : (request.signal ?? this.#stop.signal) };
    try {
      return await act(client, options);
    } catch (thrown) {
      const region = this.settings.region === undefined ? regionOf(thrown) : undefined;
      if (region === undefined || !this.#moveTo(region, client)) throw s3Error(thrown, request, this);
      return this.request(request);
    }
  }

  /**
   * Learns the region of a bucket by a call without a body. A server that refuses an upload for its region hangs up while
   * the body is still on its way, and then its answer may never arrive. Other refusals are left to the upload to tell.
   */
  async settleRegion(): Promise<void> {
    if (this.settings.region !== undefined) return;
    const command = new ListObjectsV2Command({ Bucket: this.settings.bucket, MaxKeys: 1 });
    const act = (client: S3Client, options: { abortSignal: AbortSignal }) => client.send(command, options);
    this.#settling ??= this.request({ doing: 'Looking for the region', permission: 's3:ListBucket', act }).then(
      () => {},
      () => {},
    );
    await this.#settling;
  }

  #settling: Promise<void> | undefined;

  /** False when the client is in that region already, so that nothing is tried for ever. */
  #moveTo(region: string, from: S3Client): boolean {
    // Another request may have moved it meanwhile.
    if (this.#client !== from) return true;
    if (this.#region === region) return false;
    this.#region = region;
    this.log.debug(`The bucket ${this.settings.bucket} is in the region ${region}.`);
    from.destroy();
    this.#client = makeS3Client(this.settings, this.#access, region);
    return true;
  }

  close(): void {
    this.signal.removeEventListener('abort', this.#onStop);
    this.#stop.abort();
    this.#client.destroy();
  }
}
