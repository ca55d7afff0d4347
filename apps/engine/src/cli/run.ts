import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { findComponent } from '#components';
import { type DataflowDocument, firstWindowStart, type JobInfo, type JobSnapshot, type LogLevel, type SiteCredentials } from '#dataflow';
import { openAccess, runDataflow } from '#runtime';
import { EXIT } from './exit.ts';
import { jsonProgress, type Progress, terminalProgress } from './progress.ts';
import { issueText, readFlow } from './read-flow.ts';

const options = {
  limit: { type: 'string' },
  full: { type: 'boolean' },
  since: { type: 'string' },
  var: { type: 'string', multiple: true },
  site: { type: 'string' },
  'log-level': { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface RunArgs {
  file: string;
  limit: number | undefined;
  full: boolean;
  since: Date | undefined;
  variables: ReadonlyMap<string, string>;
  site: string | undefined;
  logLevel: LogLevel;
  json: boolean;
}

/** `idsync run flow.json`: runs the flow with the rights of the caller, paths taken from the current folder. */
export async function run(args: string[]): Promise<number> {
  const wanted = readArgs(args);
  const { document, issues } = await readFlow(wanted.file, wanted.variables);
  const problems = issues.filter((issue) => issue.severity === 'error');
  if (!document || problems.length > 0) {
    if (wanted.json || !process.stdout.isTTY) console.log(JSON.stringify({ event: 'invalid', issues }));
    for (const issue of problems) console.error(issueText(issue));
    return EXIT.invalid;
  }
  const progress = wanted.json || !process.stdout.isTTY ? jsonProgress : terminalProgress(process.stdout);
  const start = performance.now();
  const snapshot = await runDocument(document, wanted, progress);
  progress.result(snapshot, (performance.now() - start) / 1000);
  return snapshot.status === 'succeeded' ? EXIT.succeeded : EXIT.failed;
}

async function runDocument(document: DataflowDocument, wanted: RunArgs, progress: Progress): Promise<JobSnapshot> {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const site = await readSite(wanted.site);
    return await runDataflow({
      document,
      components: findComponent,
      job: jobInfo(document, wanted),
      ...(site ? { site } : {}),
      ...(wanted.limit === undefined ? {} : { limit: wanted.limit }),
      logLevel: wanted.logLevel,
      access: openAccess(),
      signal: stop.signal,
      onTrace: progress.trace,
      onSnapshot: progress.snapshot,
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function jobInfo(document: DataflowDocument, { full, since }: RunArgs): JobInfo {
  const startTime = new Date();
  return {
    id: randomUUID().replaceAll('-', ''),
    dataflowId: document.id ?? '',
    dataflowName: document.name ?? '',
    startTime,
    attemptNumber: 1,
    test: false,
    // The command line remembers no earlier run, so each is a first one that does not come back.
    changedSince: full ? undefined : (since ?? firstWindowStart(startTime, { frequencyType: 'once', frequencyInterval: 1 })),
    fullExtract: full,
  };
}

function readArgs(args: string[]): RunArgs {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [file] = positionals;
  if (!file) throw new Error('name the flow file to run: idsync run flow.json');
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    throw new Error(`--limit takes a whole number above 0, not ${values.limit}`);
  const since = values.since === undefined ? undefined : new Date(values.since);
  if (since && Number.isNaN(since.getTime())) throw new Error(`--since takes a time such as 2026-01-31T12:00:00Z, not ${values.since}`);
  const logLevel = values['log-level'] ?? 'info';
  if (logLevel !== 'error' && logLevel !== 'info' && logLevel !== 'debug')
    throw new Error(`--log-level takes error, info or debug, not ${logLevel}`);
  const variables = new Map((values.var ?? []).map(readVariable));
  return { file, limit, full: values.full ?? false, since, variables, site: values.site, logLevel, json: values.json ?? false };
}

function readVariable(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--var takes name=value, not ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

const siteSchema = z.object({
  apiKey: z.string().min(1),
  userKey: z.string().min(1),
  secret: z.string().min(1),
  apiDomain: z.string().min(1).default('us1.gigya.com'),
});

async function readSite(file: string | undefined): Promise<SiteCredentials | undefined> {
  const { IDSYNC_API_KEY, IDSYNC_USER_KEY, IDSYNC_SECRET, IDSYNC_API_DOMAIN } = process.env;
  if (file === undefined && IDSYNC_API_KEY === undefined) return undefined;
  const given =
    file === undefined
      ? { apiKey: IDSYNC_API_KEY, userKey: IDSYNC_USER_KEY, secret: IDSYNC_SECRET, apiDomain: IDSYNC_API_DOMAIN }
      : (JSON.parse(await readFile(file, 'utf8')) as unknown);
  const site = siteSchema.safeParse(given);
  if (site.success) return site.data;
  throw new Error(
    `the site's credentials are not complete: ${site.error.issues.map((issue) => issue.path.join('.')).join(', ')} is missing or wrong${file ? ` in ${file}` : ' in the IDSYNC_… variables'}`,
  );
}
