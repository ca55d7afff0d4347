// Processes of this start: each tells over IPC, or by a first line of JSON, that it is ready; each is ended with this one.
import { fork } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';

const GRACE_MS = 15_000;
const running = []; // oldest first

/**
 * Starts a script and resolves to what it says when it is ready. What it prints goes to `logFile`; when it ends by itself, `onDeath`
 * gets a sentence with the end of that log.
 */
export function startChild({ name, script, args = [], env = {}, logFile, onDeath }) {
  const child = fork(script, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env }, execArgv: [] });
  const gone = new Promise((resolve) => child.once('close', resolve));
  running.push({ child, gone });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return new Promise((resolve) => {
    child.on('message', resolve);
    child.stdout.on('data', (chunk) => {
      const line = String(chunk)
        .split('\n')
        .find((one) => one.startsWith('{"ready":true'));
      if (line) resolve(JSON.parse(line));
    });
    child.once('close', (code, signal) => {
      log.end(() =>
        onDeath(`${name} ended unexpectedly (${signal ?? `code ${code}`}). Its log ${logFile} ends with:\n${lastLines(logFile)}`),
      );
    });
  });
}

/** Ends the youngest first and waits for each; what does not end in time is killed. */
export async function endChildren() {
  for (const { child, gone } of running.toReversed()) {
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
  }
}

const lastLines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
