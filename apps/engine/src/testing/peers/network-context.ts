import type { Access, StepLog } from '#dataflow';

export interface TestNetwork {
  access: Access;
  signal: AbortSignal;
  log: StepLog;
  /** What was logged, as `level message`. */
  lines: string[];
  abort(): void;
}

/** What a connector needs, with every address allowed unless `access` says otherwise, and the log kept. */
export function networkContext(access: Partial<Access> = {}): TestNetwork {
  const stop = new AbortController();
  const lines: string[] = [];
  const level =
    (name: string) =>
    (message: string, ...data: unknown[]) => {
      lines.push([name, message, ...data.map((value) => JSON.stringify(value))].join(' '));
    };
  return {
    access: { localPath: (path) => path, address: () => {}, ...access },
    signal: stop.signal,
    log: { error: level('error'), warn: level('warn'), info: level('info'), debug: level('debug') },
    lines,
    abort: () => stop.abort(),
  };
}
