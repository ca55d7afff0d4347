// usage: node syslog-ng.mjs ROOT INPUT ENDPOINT ROWS: lines to HTTP, 1,000 a request, 10 workers; ROOT holds the unpacked Debian packages, or is /.
// It never ends by itself and cannot tell refused records apart: this starts it, and ends it when all records have arrived.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const [, , root, input, endpoint, rows] = process.argv;
const folder = mkdtempSync(path.join(os.tmpdir(), 'syslog-ng-'));
const arrived = async () => (await (await fetch(new URL('/stats', endpoint))).json()).records;
const plugins = path.join(root, 'usr/lib/syslog-ng');
const [version] = readdirSync(plugins);
writeFileSync(
  path.join(folder, 'syslog-ng.conf'),
  `@version: ${version}
options { stats-freq(0); log-fifo-size(200000); };
source s { file("${input}" flags(no-parse) follow-freq(1) log-iw-size(100000) log-fetch-limit(10000)); };
destination d { http(url("${endpoint}") method("POST") headers("content-type: application/x-ndjson") body("$MESSAGE") delimiter("\\n") batch-lines(1000) batch-timeout(100) workers(10)); };
log { source(s); destination(d); flags(flow-control); };
`,
);
const libraries = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/syslog-ng', `usr/lib/syslog-ng/${version}`];
const before = await arrived();
const file = (name) => path.join(folder, name);
const child = spawn(
  path.join(root, 'usr/sbin/syslog-ng'),
  [
    '-F',
    '-f',
    file('syslog-ng.conf'),
    '--persist-file',
    file('persist'),
    '--pidfile',
    file('pid'),
    '--control',
    file('control'),
    '--no-caps',
    '--module-path',
    path.join(plugins, version),
  ],
  {
    env: { ...process.env, LD_LIBRARY_PATH: libraries.map((name) => path.join(root, name)).join(':') },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
let failed = false;
child.on('exit', (code) => {
  failed = code !== 0 && code !== null;
});
while (!failed && (await arrived()) - before < Number(rows)) await setTimeout(20);
child.kill('SIGKILL');
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;
