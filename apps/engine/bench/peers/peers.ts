import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface Peer {
  name: string;
  /** Undefined when this tool is not installed here, or has no counterpart to the workload. */
  command(workload: string, job: PeerJob): readonly [string, ...string[]] | undefined;
  /** It makes no output to compare: what arrived is counted. */
  partial?: true;
}

export interface PeerJob {
  input: string;
  output: string;
  endpoint: string;
  rows: number;
}

const has = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
/** The entry file of a package, installed here or in the given folder. */
const entryOf = (name: string, folder: string | undefined): string | undefined => {
  try {
    return createRequire(folder === undefined ? import.meta.url : path.join(path.resolve(folder), 'peers.js')).resolve(name);
  } catch {
    return undefined;
  }
};
const shell = (text: string): readonly [string, ...string[]] => ['sh', '-c', text];
const script = (file: string) => path.join(import.meta.dirname, file);

const mlrRename = 'rename UID,accountId,createdTimestamp,created,lastUpdated,updated then cut -x -f gender,birthYear';

/** Miller, the usual command for such files. */
const miller: Peer = {
  name: 'Miller',
  command: (workload, { input, output }) => {
    if (!has('mlr')) return undefined;
    switch (workload) {
      case 'W1':
        return shell(`mlr --csv ${mlrRename} '${input}' | gzip -6 > '${output}'`);
      case 'W1p':
        return shell(`mlr --csv ${mlrRename} '${input}' > '${output}'`);
      case 'W2':
        return shell(
          `mlr --csv ${mlrRename} then put '$fullName=$firstName." ".$lastName;$phone=gsub($phone,"[^0-9+]","")' then filter '$subscribed=="true"' '${input}' | gzip -6 > '${output}'`,
        );
      case 'W3':
        return shell(`mlr --icsv --ojsonl put '$email=tolower($email);$age=2026-$birthYear' '${input}' > '${output}'`);
      default:
        return undefined;
    }
  },
};

const duckDbSelect: Record<string, string> = {
  W1: 'SELECT UID AS accountId, * EXCLUDE (UID, gender, "birthYear", "createdTimestamp", "lastUpdated"), "createdTimestamp" AS created, "lastUpdated" AS updated',
  W2: `SELECT UID AS accountId, * EXCLUDE (UID, gender, "birthYear", "createdTimestamp", "lastUpdated") REPLACE (regexp_replace(phone, '[^0-9+]', '', 'g') AS phone), "createdTimestamp" AS created, "lastUpdated" AS updated, "firstName" || ' ' || "lastName" AS "fullName"`,
  W3: 'SELECT * REPLACE (lower(email) AS email), 2026 - "birthYear"::INT AS age',
};

/** DuckDB by its Node binding. Native expressions, not the user's JavaScript. */
const duckDb = (folder: string | undefined): Peer => ({
  name: 'DuckDB',
  command: (workload, { input, output }) => {
    const select = duckDbSelect[workload === 'W1p' ? 'W1' : workload];
    const entry = entryOf('@duckdb/node-api', folder);
    if (!select || entry === undefined) return undefined;
    const where = workload === 'W2' ? " WHERE subscribed = 'true'" : '';
    const format = workload === 'W3' ? '(FORMAT json)' : workload === 'W1p' ? '(HEADER)' : '(HEADER, COMPRESSION gzip)';
    return [
      process.execPath,
      script('duckdb.mjs'),
      `COPY (${select} FROM read_csv('${input}', all_varchar=true)${where}) TO '${output}' ${format}`,
      entry,
    ];
  },
});

const csvWorkloads = new Set(['W1', 'W1p', 'W2', 'W3']);

/** Polars by its Node binding: its streaming engine, native expressions. */
const polars = (folder: string | undefined): Peer => ({
  name: 'Polars',
  command: (workload, { input, output }) => {
    const entry = entryOf('nodejs-polars', folder);
    if (entry === undefined || !csvWorkloads.has(workload)) return undefined;
    return [process.execPath, script('polars.mjs'), entry, workload, input, output];
  },
});

/** mawk with a program that reads quoted cells, doubled quotes and line ends in cells as well. */
const mawk: Peer = {
  name: 'mawk',
  command: (workload, { input, output }) => {
    if (!has('mawk') || !csvWorkloads.has(workload) || workload === 'W3') return undefined;
    const run = `LC_ALL=C mawk -v workload=${workload} -f '${script('csv.awk')}' '${input}'`;
    return shell(workload === 'W1p' ? `${run} > '${output}'` : `${run} | gzip -6 > '${output}'`);
  },
};

/** What a developer writes in an hour: csv-parse and a loop, not isolated; fetch for W4. */
const nodeScript: Peer = {
  name: 'csv-parse',
  command: (workload, { input, output }) =>
    csvWorkloads.has(workload) ? [process.execPath, script('node-csv.mjs'), workload, input, output] : undefined,
};

const papaParse = (folder: string | undefined): Peer => ({
  name: 'Papa Parse',
  command: (workload, { input, output }) => {
    const entry = entryOf('papaparse', folder);
    if (entry === undefined || !csvWorkloads.has(workload)) return undefined;
    return [process.execPath, script('node-papaparse.mjs'), workload, input, output, entry];
  },
});

const nodeFetch: Peer = {
  name: 'Node fetch',
  command: (workload, { input, output, endpoint }) =>
    workload === 'W4' ? [process.execPath, script('node-post.mjs'), workload, input, output, endpoint] : undefined,
};

/** Sends lines and counts on it: refused records are not told apart, so it has less to do than W4 asks for. */
const syslogNg = (folder: string | undefined): Peer => ({
  name: 'syslog-ng',
  partial: true,
  command: (workload, { input, endpoint, rows }) => {
    const root = [path.join(path.resolve(folder ?? '/'), 'debian'), '/'].find((place) =>
      existsSync(path.join(place, 'usr/sbin/syslog-ng')),
    );
    if (workload !== 'W4' || root === undefined) return undefined;
    return [process.execPath, script('syslog-ng.mjs'), root, input, endpoint, String(rows)];
  },
});

/** `folder` has a node_modules with the peers that come as packages; without one they are looked for beside this file. */
export const peersFrom = (folder: string | undefined): readonly Peer[] => [
  polars(folder),
  duckDb(folder),
  miller,
  mawk,
  nodeScript,
  papaParse(folder),
  syslogNg(folder),
  nodeFetch,
];

const npmPeers = ['nodejs-polars@0.26.1', '@duckdb/node-api@1.5.6-r.1', 'papaparse@5.7.1'];
const debianPeers = 'syslog-ng-core syslog-ng-mod-http libivykis0 libnet1 libpcre3 libjson-c5 libcap2 libwrap0 libglib2.0-0'.split(' ');

/** Installs the peers that come as packages into a folder: from npm, and on Debian syslog-ng unpacked beside them, nothing into the system. */
export function installPeers(folder: string): void {
  mkdirSync(path.join(folder, 'debian'), { recursive: true });
  const run = (command: string, args: string[], cwd: string) =>
    spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const binding = `nodejs-polars-${process.platform}-${process.arch}-gnu@0.26.1`;
  const installed = run('npm', ['install', '--no-audit', '--no-fund', '--prefix', '.', ...npmPeers, binding], folder);
  if (!installed) console.error('The peers from npm could not be installed; those that are there are measured.');
  const debian = path.join(folder, 'debian');
  if (!has('apt-get') || !run('apt-get', ['download', ...debianPeers], debian)) {
    console.error('syslog-ng could not be downloaded, so it is left out.');
    return;
  }
  for (const name of readdirSync(debian)) if (name.endsWith('.deb')) run('dpkg', ['-x', name, '.'], debian);
}
