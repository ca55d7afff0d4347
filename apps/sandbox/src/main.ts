import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox } from './start-sandbox.ts';

const usage =
  'node src/main.ts [--gigya-port 4010] [--sftp-port 4022] [--smtp-port 4025] [--platforms-port 4030] [--data ./sandbox-data] [--accounts 10000] [--calls-per-second 100]';

/** Starts the sandbox, prints one JSON line when it is ready and stops on SIGINT, SIGTERM or when its parent goes away. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'gigya-port': { type: 'string', default: '4010' },
      'sftp-port': { type: 'string', default: '4022' },
      'smtp-port': { type: 'string', default: '4025' },
      'platforms-port': { type: 'string', default: '4030' },
      data: { type: 'string', default: 'sandbox-data' },
      accounts: { type: 'string', default: '10000' },
      'calls-per-second': { type: 'string', default: '100' },
    },
  });
  const sandbox = await startSandbox({
    gigyaPort: wholeNumber(values['gigya-port'], '--gigya-port'),
    sftpPort: wholeNumber(values['sftp-port'], '--sftp-port'),
    smtpPort: wholeNumber(values['smtp-port'], '--smtp-port'),
    platformsPort: wholeNumber(values['platforms-port'], '--platforms-port'),
    dataFolder: resolve(values.data),
    accounts: wholeNumber(values.accounts, '--accounts'),
    callsPerSecond: wholeNumber(values['calls-per-second'], '--calls-per-second'),
  });
  const { gigya, sftp, smtp, platforms } = sandbox;
  const stop = (): void => void sandbox.stop().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, stop);
  console.log(
    JSON.stringify({
      ready: true,
      gigya: { url: gigya.url, accounts: gigya.accountCount() },
      sftp: { host: sftp.host, port: sftp.port, hostKeySha256: sftp.hostKeySha256, folder: sftp.folder },
      smtp: { host: smtp.host, port: smtp.port },
      platforms: { url: platforms.url, names: Object.keys(platforms.platforms) },
    }),
  );
}

function wholeNumber(text: string, option: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new Error(`${option} must be a whole number, not '${text}'`);
  return Number(text);
}

main().catch((error: unknown) => {
  console.error(`The sandbox could not start: ${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}`);
  process.exit(1);
});
