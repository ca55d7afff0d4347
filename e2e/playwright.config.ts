import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

/** The whole product as `npm start` gives it, on a port and a data folder of its own. The runner's workers take them from the environment. */
const settings = {
  E2E_PORT: '4117',
  E2E_DATA: process.env.E2E_DATA ?? mkdtempSync(path.join(os.tmpdir(), 'idsync-e2e-')),
  E2E_PASSWORD: 'a-password-for-the-journeys',
};
Object.assign(process.env, { ...settings, ...process.env });
const { E2E_PORT: port, E2E_DATA: dataFolder = '', E2E_PASSWORD: password = '' } = process.env;
// The embedded database runs under an account of its own when we are root, and must be able to walk in.
chmodSync(dataFolder, 0o755);

/** A browser that is there: the one named, the one on the path, or the one that came as an npm package. */
async function browser(): Promise<string> {
  if (process.env.E2E_CHROMIUM) return process.env.E2E_CHROMIUM;
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  } catch {
    // Makes the package unpack the system libraries it brings along, which a bare machine lacks.
    process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
    const { default: chromium } = await import('@sparticuz/chromium');
    return chromium.executablePath();
  }
}

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      executablePath: await browser(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `node ../apps/launcher/start.mjs --port ${port} --data ${dataFolder}`,
    url: `http://127.0.0.1:${port}/readyz`,
    timeout: 180_000,
    stdout: 'pipe',
    reuseExistingServer: process.env.CI === undefined,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    env: { IDSYNC_ADMIN_PASSWORD: password },
  },
});
