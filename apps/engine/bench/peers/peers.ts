import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface Peer {
  name: string;
  /** Undefined when this tool is not installed here, or has no counterpart to the workload. */
  command(workload: string, paths: { input: string; output: string; endpoint: string }): readonly [string, ...string[]] | undefined;
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

/** What a developer writes in an hour: csv-parse and a loop, not isolated; fetch for W4. */
const nodeScript: Peer = {
  name: 'Node script',
  command: (workload, { input, output, endpoint }) => [
    process.execPath,
    script(workload === 'W4' ? 'node-post.mjs' : 'node-csv.mjs'),
    workload,
    input,
    output,
    endpoint,
  ],
};

/** `folder` has a node_modules with the peers that come as packages; without one they are looked for beside this file. */
export const peersFrom = (folder: string | undefined): readonly Peer[] => [miller, duckDb(folder), nodeScript];
