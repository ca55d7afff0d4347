import { type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines on stdout. Bodies, headers and connection strings are never handed to it. */
export const createLog = (level: string, name: string): Log =>
  pino({ level, name, redact: { paths: ['password', 'secret', '*.password', '*.secret', 'req.headers'], censor: '********' } });
