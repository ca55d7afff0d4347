import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Measurement {
  wallSec: number;
  /** User and system time of the process and all it started. */
  cpuSec: number;
  /** Most resident memory of the process and all it started, sampled every 20 ms: added up, pages of program files, which they share, once. */
  peakMb: number;
  exitCode: number;
  output: string;
}

const CLOCK_TICKS = 100;
const SAMPLE_MS = 20;

/** Runs one command to its end and measures it as a whole. Linux only: it reads /proc. */
export async function measure(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Measurement> {
  const cpuBefore = childrenCpuSec();
  const start = performance.now();
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  let peakMb = 0;
  const sampler = setInterval(() => {
    if (child.pid !== undefined) peakMb = Math.max(peakMb, residentMb(child.pid));
  }, SAMPLE_MS);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  }).finally(() => clearInterval(sampler));
  return { wallSec: (performance.now() - start) / 1000, cpuSec: childrenCpuSec() - cpuBefore, peakMb, exitCode, output };
}

/** CPU seconds of all children this process has waited for, with theirs. */
function childrenCpuSec(): number {
  const fields = statFields('self');
  return (Number(fields[13]) + Number(fields[14])) / CLOCK_TICKS;
}

/** Fields of /proc/<pid>/stat after the command name: [0] is the state, [1] the parent, [13] and [14] the children's times. */
const statFields = (pid: string | number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

function residentMb(rootPid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(statFields(name)[1]));
    } catch {
      // The process has ended since the folder was listed.
    }
  }
  let own = 0;
  let files = 0;
  for (const pid of parents.keys()) {
    if (!descends(pid, rootPid, parents)) continue;
    const found = memoryMb(pid);
    own += found.own;
    files = Math.max(files, found.files);
  }
  return own + files;
}

function descends(pid: number, from: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === from) return true;
  return false;
}

function memoryMb(pid: number): { own: number; files: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
    return { own: mb('RssAnon') + mb('RssShmem'), files: mb('RssFile') };
  } catch {
    return { own: 0, files: 0 };
  }
}
