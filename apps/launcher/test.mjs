// `npm test`: everything, on a machine that has only Node 20+ and git. Built-in modules only.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { install, productNode, root, toolEnvironment } from './install.mjs';

install();
productNode();
installPeers();

const reports = mkdtempSync(path.join(os.tmpdir(), 'idsync-reports-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

stage('build', ['npx', 'turbo', 'run', 'build', '--output-logs=errors-only']);
stage('check', ['npm', 'run', '--silent', 'check']);
for (const workspace of ['prisma', 'apps/engine', 'apps/sandbox', 'apps/server', 'apps/web', 'apps/docs']) {
  const report = path.join(reports, `${workspace.replace('/', '-')}.json`);
  stage(workspace, ['npx', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], {
    cwd: path.join(root, workspace),
  });
  countVitest(report);
}
const journeys = path.join(reports, 'e2e.json');
stage('journeys', ['npx', 'playwright', 'test', '--reporter=list,json'], {
  cwd: path.join(root, 'e2e'),
  env: { PLAYWRIGHT_JSON_OUTPUT_FILE: journeys },
});
countPlaywright(journeys);
rmSync(reports, { recursive: true, force: true });

for (const failure of failures) console.error(`failed: ${failure}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(failures.length === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1);

/** Runs one stage to its end, whatever came before: one run tells all that is wrong. */
function stage(title, [command, ...args], { cwd = root, env = {} } = {}) {
  console.log(`\n── ${title}`);
  const start = Date.now();
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', env: toolEnvironment(env), shell: process.platform === 'win32' });
  console.log(`── ${title}: ${status === 0 ? 'ok' : `exit code ${status}`} in ${Math.round((Date.now() - start) / 1000)} s`);
  if (status !== 0) failures.push(title);
}

/** The real servers and tools that tests talk to and npm does not carry. As root on Debian they are installed; elsewhere a missing one is told, and fails the run on CI. */
function installPeers() {
  const peers = [
    { package: 'openssh-server', command: '/usr/sbin/sshd' },
    { package: 'vsftpd', command: '/usr/sbin/vsftpd' },
    { package: 'gnupg', command: '/usr/bin/gpg' },
    { package: 'lzop', command: '/usr/bin/lzop' },
    { package: 'p7zip-full', command: '/usr/bin/7z' },
    { package: 'zip', command: '/usr/bin/zip' },
    { package: 'unzip', command: '/usr/bin/unzip' },
    { package: 'openssl', command: '/usr/bin/openssl' },
    { package: 'python3-swift', command: '/usr/lib/python3/dist-packages/swift/proxy/server.py' },
  ];
  const isMissing = ({ command }) => !existsSync(command);
  const missing = peers.filter(isMissing);
  if (missing.length === 0) return;
  const names = missing.map((peer) => peer.package);
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing ${names.join(', ')} for the tests …`);
    // No server is started by its installation: the tests start their own, on ports of their own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { stdio: ['ignore', 'ignore', 'inherit'], env });
  }
  for (const peer of missing.filter(isMissing))
    console.warn(`${peer.package} is not installed; its tests are skipped here and fail on CI.`);
}

function countVitest(report) {
  if (!existsSync(report)) return;
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = JSON.parse(readFileSync(report, 'utf8'));
  counts.passed += numPassedTests;
  counts.failed += numFailedTests;
  counts.skipped += numPendingTests + numTodoTests;
}

function countPlaywright(report) {
  if (!existsSync(report)) return;
  const { stats = {} } = JSON.parse(readFileSync(report, 'utf8'));
  counts.passed += (stats.expected ?? 0) + (stats.flaky ?? 0);
  counts.failed += stats.unexpected ?? 0;
  counts.skipped += stats.skipped ?? 0;
}
