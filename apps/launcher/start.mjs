// `npm start`: everything, on a machine that has only Node 20+ and git. Built-in modules only.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { install, productNode, toolEnvironment } from './install.mjs';

const usage = 'npm start -- [--port 4000] [--data .data] [--no-demo]';

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`IdentitySync Studio needs Node 20 or newer to start; this is ${process.versions.node}.`);
const options = readOptions();
install();

// The rest runs on the Node that came from npm. It stands in our process group, so Ctrl-C reaches it by itself; other signals are passed on.
const studio = spawn(productNode(), [fileURLToPath(new URL('./studio.mjs', import.meta.url)), JSON.stringify(options)], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  env: toolEnvironment(),
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => studio.kill('SIGTERM'));
process.on('SIGHUP', () => studio.kill('SIGTERM'));
studio.on('exit', (code) => process.exit(code ?? 1));

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, data: { type: 'string' }, 'no-demo': { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) fail(usage);
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) fail(`--port must be a number, not "${values.port}".`);
    return { port: values.port, data: values.data, demo: !values['no-demo'] && process.env.IDSYNC_DEMO !== '0' };
  } catch (error) {
    return fail(`${error.message}\n${usage}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
