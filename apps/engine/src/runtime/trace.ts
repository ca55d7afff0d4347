import { errorText, isStudioError, type Json, type LogLevel, type StepLog, type TraceLine } from '#dataflow';
import type { Redact } from './redact.ts';

type Level = TraceLine['level'];

const shown: Record<LogLevel, ReadonlySet<Level>> = {
  error: new Set(['ERROR']),
  info: new Set(['ERROR', 'WARN', 'INFO']),
  debug: new Set(['ERROR', 'WARN', 'INFO', 'DEBUG']),
};

/** Longest message or data text kept of one line; a script may log anything. */
const LONGEST = 16_384;

export interface Trace {
  readonly debugging: boolean;
  readonly redact: Redact;
  line(level: Level, step: string, message: string, data?: Json): void;
  log(step: string): StepLog;
  /** An error with its facts, as the original's trace tells a connection failure. */
  failure(step: string, thrown: unknown): void;
}

/** The job's log: filters by level, masks secrets, hands each line on at once. */
export function openTrace({
  logLevel,
  redact,
  onTrace,
}: {
  logLevel: LogLevel;
  redact: Redact;
  onTrace: (line: TraceLine) => void;
}): Trace {
  const levels = shown[logLevel];
  const line: Trace['line'] = (level, step, message, data) => {
    if (!levels.has(level)) return;
    onTrace({
      time: new Date().toISOString(),
      level,
      step,
      message: cut(redact(message)),
      ...(data === undefined ? {} : { data: cutData(redact(data)) }),
    });
  };
  const logAt =
    (level: Level, step: string) =>
    (message: string, ...data: unknown[]) => {
      if (levels.has(level)) line(level, step, message, dataOf(data));
    };
  return {
    debugging: logLevel === 'debug',
    redact,
    line,
    log: (step) => ({ error: logAt('ERROR', step), warn: logAt('WARN', step), info: logAt('INFO', step), debug: logAt('DEBUG', step) }),
    failure: (step, thrown) => {
      const details = isStudioError(thrown) && Object.keys(thrown.details).length > 0 ? thrown.details : undefined;
      line('ERROR', step, errorText(thrown), details);
    },
  };
}

function dataOf(values: unknown[]): Json | undefined {
  if (values.length === 0) return undefined;
  return toJson(values.length === 1 ? values[0] : values);
}

function toJson(value: unknown): Json {
  if (value instanceof Error) return errorText(value);
  try {
    const text = JSON.stringify(value);
    return text === undefined ? String(value) : (JSON.parse(text) as Json);
  } catch {
    return String(value);
  }
}

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text);

function cutData(data: Json): Json {
  const text = JSON.stringify(data);
  return text.length > LONGEST ? cut(text) : data;
}
