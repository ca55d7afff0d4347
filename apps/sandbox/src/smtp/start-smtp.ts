import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type CaughtMessage, parseMessage } from './parse-message.ts';

export interface SmtpOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** Keeps every message as an .eml file in this folder, which is made when missing. */
  folder?: string;
}

export interface SmtpServer {
  host: string;
  port: number;
  /** What came in so far, oldest first. */
  messages: readonly CaughtMessage[];
  /** The first message that fits, now or later. Rejects when none came within `timeoutMs`, 5000 by default, or the server stops. */
  waitForMessage(fits: (message: CaughtMessage) => boolean, timeoutMs?: number): Promise<CaughtMessage>;
  stop(): Promise<void>;
}

interface Waiting {
  fits: (message: CaughtMessage) => boolean;
  resolve(message: CaughtMessage): void;
  reject(error: Error): void;
}

/** Starts a mail server on 127.0.0.1 that takes every message and delivers none. */
export async function startSmtp({ port = 0, folder }: SmtpOptions = {}): Promise<SmtpServer> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const messages: CaughtMessage[] = [];
  const waiting = new Set<Waiting>();

  function take(raw: Buffer, { envelope }: SMTPServerSession): void {
    const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const message = parseMessage(raw, { from, to: envelope.rcptTo.map(({ address }) => address) });
    messages.push(message);
    if (folder !== undefined) writeFileSync(join(folder, fileName(messages.length)), raw);
    for (const one of waiting) if (one.fits(message)) one.resolve(message);
  }

  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anonymous' }),
    onData: (stream, session, done) => {
      readAll(stream).then(
        (raw) => {
          take(raw, session);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  // Clients that break off are no fault of the server.
  server.on('error', () => {});
  const listening = server.listen(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    listening.once('listening', resolve);
    listening.once('error', reject);
  });
  return {
    host: '127.0.0.1',
    port: (listening.address() as AddressInfo).port,
    messages,
    waitForMessage: async (fits, timeoutMs = 5000) => messages.find(fits) ?? wait(waiting, fits, timeoutMs),
    stop: async () => {
      for (const one of waiting) one.reject(new Error('The mail server was stopped'));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function wait(waiting: Set<Waiting>, fits: Waiting['fits'], timeoutMs: number): Promise<CaughtMessage> {
  return new Promise<CaughtMessage>((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error(`No fitting message came within ${timeoutMs} ms`))), timeoutMs);
    const one: Waiting = { fits, resolve: (message) => end(() => resolve(message)), reject: (error) => end(() => reject(error)) };
    waiting.add(one);
    function end(settle: () => void): void {
      clearTimeout(timer);
      waiting.delete(one);
      settle();
    }
  });
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function fileName(number: number): string {
  return `${new Date().toISOString().replaceAll(':', '-')}-${String(number).padStart(4, '0')}.eml`;
}
