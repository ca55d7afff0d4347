/** What flows between file steps: a name and bytes that are read once, in order, as they come. */
export interface FlowFile {
  /** Base name as the next system will see it; no folders. */
  readonly name: string;
  /** Bytes, when known beforehand. */
  readonly size?: number;
  /** Milliseconds since 1970, when the source tells. */
  readonly modifiedMs?: number;
  /**
   * Chunks of the content, best 64 KiB to 1 MiB. May be called once.
   * Leaving the loop early releases what was opened.
   */
  read(): AsyncIterable<Uint8Array>;
}
