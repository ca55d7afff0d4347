import type { JobSnapshot, TraceLine } from '#dataflow';

/** Where a run tells what happens. */
export interface Progress {
  trace(line: TraceLine): void;
  snapshot(snapshot: JobSnapshot): void;
  result(snapshot: JobSnapshot, seconds: number): void;
}

/** JSON lines on standard output: `{"event":"trace"|"progress"|"result", …}`. */
export const jsonProgress: Progress = {
  trace: (line) => write({ event: 'trace', ...line }),
  snapshot: ({ steps, ...snapshot }) => write({ event: 'progress', ...snapshot, steps }),
  result: (snapshot, seconds) => write({ event: 'result', seconds, ...snapshot }),
};

const write = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** One line that is redrawn on a terminal, with the trace scrolling above it. */
export function terminalProgress(out: NodeJS.WriteStream): Progress {
  const start = performance.now();
  const clear = () => out.write('\r\u001b[2K');
  let last = { at: start, records: 0 };
  let line = '';
  return {
    trace: ({ time, level, step, message, data }) => {
      clear();
      out.write(
        `${time.slice(11, 19)} ${level.padEnd(5)} ${step}: ${message}${data === undefined ? '' : ` ${JSON.stringify(data)}`}\n${line}`,
      );
    },
    snapshot: (snapshot) => {
      const now = performance.now();
      const rate = ((snapshot.processedRecords - last.records) / Math.max(1, now - last.at)) * 1000;
      last = { at: now, records: snapshot.processedRecords };
      line = progressLine(snapshot, rate, (now - start) / 1000);
      clear();
      out.write(line);
    },
    result: (snapshot, seconds) => {
      clear();
      out.write(resultText(snapshot, seconds));
    },
  };
}

const count = (value: number) => Math.round(value).toLocaleString('en-US');

/** `12,000 of 50,000 records · 24,000/s · 3 failed · 00:01` */
export function progressLine(snapshot: JobSnapshot, recordsPerSec: number, seconds: number): string {
  const failed = snapshot.steps.reduce((sum, step) => sum + step.failed, 0);
  const of = snapshot.totalRecords === undefined ? '' : ` of ${count(snapshot.totalRecords)}`;
  const clock = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  return [
    `${count(snapshot.processedRecords)}${of} records`,
    `${count(recordsPerSec)}/s`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    clock,
  ].join(' · ');
}

function resultText(snapshot: JobSnapshot, seconds: number): string {
  const width = Math.max(4, ...snapshot.steps.map((step) => step.step.length));
  const rows = snapshot.steps.map((step) =>
    [
      step.step.padEnd(width),
      step.durationSec.toFixed(3).padStart(10),
      ...[step.input, step.output, step.failed, step.filtered].map((value) => count(value).padStart(12)),
    ].join(' '),
  );
  const head = [
    'Step'.padEnd(width),
    'Seconds'.padStart(10),
    'Input'.padStart(12),
    'Output'.padStart(12),
    'Failed'.padStart(12),
    'Filtered'.padStart(12),
  ].join(' ');
  const errors = snapshot.errors.map((error) => `  ${error.step} ${error.code} ${error.message} (${count(error.count)})`);
  const title = `${snapshot.status}: ${count(snapshot.processedRecords)} records in ${seconds.toFixed(2)} s, ${count(snapshot.processedRecords / seconds)} records/s`;
  return [title, snapshot.outcome ?? '', head, ...rows, ...(errors.length > 0 ? ['Errors', ...errors] : []), ''].join('\n');
}
