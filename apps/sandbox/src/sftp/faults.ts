import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../json.ts';
import { type FaultFields, readFault } from '../read-fault.ts';

/** The ways the SFTP server can be told to fail; a field that is not set does nothing. */
export interface SftpFault {
  /** Refuse every login. */
  refuseLogin?: boolean;
  /** Every write takes this long, one after another. */
  delayWriteMs?: number;
  /** Close the connection once more than this many bytes of file content came in since the fault was set. */
  cutAfterBytes?: number;
  /** Answer writes past this many bytes of file content with "no space left on device". */
  diskFullAfterBytes?: number;
}

const fieldTypes = {
  refuseLogin: 'boolean',
  delayWriteMs: 'number',
  cutAfterBytes: 'number',
  diskFullAfterBytes: 'number',
} as const satisfies Record<keyof SftpFault, FaultFields[string]>;

/** What the server should do with a write. */
export type WriteFate = 'write' | 'cut' | 'full';

export class SftpFaults {
  #fault: SftpFault = {};
  #writtenBytes = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** Replaces all faults and begins to count bytes anew. */
  set(fault: SftpFault): void {
    this.#fault = { ...fault };
    this.#writtenBytes = 0;
  }

  clear(): void {
    this.set({});
  }

  get current(): SftpFault {
    return this.#fault;
  }

  get refusesLogin(): boolean {
    return this.#fault.refuseLogin ?? false;
  }

  /** Bytes of file content that came in since the faults were last set. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  async meetWrite(bytes: number): Promise<WriteFate> {
    const { delayWriteMs = 0, cutAfterBytes = Number.POSITIVE_INFINITY, diskFullAfterBytes = Number.POSITIVE_INFINITY } = this.#fault;
    if (delayWriteMs > 0) {
      this.#lastWrite = this.#lastWrite.then(() => wait(delayWriteMs, undefined, { ref: false }));
      await this.#lastWrite;
    }
    this.#writtenBytes += bytes;
    if (this.#writtenBytes > cutAfterBytes) return 'cut';
    return this.#writtenBytes > diskFullAfterBytes ? 'full' : 'write';
  }
}

/** Reads a fault as sent over HTTP. Throws TypeError in plain words. */
export function parseFault(value: Json): SftpFault {
  return readFault<SftpFault>(value, fieldTypes);
}
