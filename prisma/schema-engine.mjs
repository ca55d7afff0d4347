#!/usr/bin/env node
/**
 * Prisma's schema engine as a process, without its native binary (which Prisma would have to download): the WASM build
 * of the same engine over the `pg` driver, spoken to in JSON-RPC lines on stdin and stdout.
 * Prisma starts it when PRISMA_SCHEMA_ENGINE_BINARY names this file.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, mockMigrationAwareAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const OID_CHAR = 18;
const OID_TEXT = 25;

function readArguments(args) {
  const read = { models: [], url: undefined, command: undefined };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--version') {
      console.log('schema-engine-wasm');
      process.exit(0);
    }
    if (args[i] === '--datamodels') read.models.push(args[++i]);
    else if (args[i] === '--datasource') read.url = JSON.parse(args[++i]).url || undefined;
    else if (args[i] === 'cli') read.command = args[++i];
    else if (args[i].startsWith('--')) i++;
  }
  return read;
}

const { models, url, command } = readArguments(process.argv.slice(2));

/** Single fields instead of a connection string: the string would win over the other database of a shadow connection. */
function connectionTo(database) {
  const at = new URL(url);
  const sslMode = at.searchParams.get('sslmode');
  return {
    host: decodeURIComponent(at.hostname),
    port: Number(at.port || 5432),
    user: decodeURIComponent(at.username),
    password: decodeURIComponent(at.password),
    database: database ?? databaseName(),
    ...(sslMode && sslMode !== 'disable' ? { ssl: { rejectUnauthorized: sslMode !== 'no-verify' } } : {}),
  };
}

const databaseName = () => decodeURIComponent(new URL(url).pathname.slice(1));
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

async function runSql(sql, database = 'postgres') {
  const client = new pg.Client(connectionTo(database));
  await client.connect();
  try {
    if (sql) await client.query(sql);
  } finally {
    await client.end();
  }
}

const logError = (fields, end = '\n') =>
  process.stderr.write(JSON.stringify({ level: 'ERROR', fields, target: 'schema_engine::logger' }) + end);

async function runCommand() {
  const codes = { '3D000': 'P1003', '28P01': 'P1000' };
  try {
    if (command === 'can-connect-to-database') await runSql(undefined, databaseName());
    else if (command === 'create-database') await runSql(`CREATE DATABASE ${quoted(databaseName())}`);
    else if (command === 'drop-database') await runSql(`DROP DATABASE IF EXISTS ${quoted(databaseName())} WITH (FORCE)`);
    process.exit(0);
  } catch (error) {
    process.stderr.write('{}\n'); // Prisma skips the first line
    logError({ message: error.message, error_code: codes[error.code] ?? 'P1001' }, '');
    process.exit(1);
  }
}

/** The adapter cannot map the catalogue's internal "char" type; it is shown to it as text and named a character after. */
function mapInternalChar(adapter) {
  let prototype = Object.getPrototypeOf(adapter);
  while (!Object.hasOwn(prototype, 'queryRaw')) prototype = Object.getPrototypeOf(prototype);
  if (prototype.mapsInternalChar) return adapter;
  const { queryRaw, performIO } = prototype;
  prototype.mapsInternalChar = true;
  prototype.queryRaw = async function (query) {
    let isChar = [];
    const asText = async (request) => {
      const answer = await performIO.call(this, request);
      isChar = answer.fields.map((field) => field.dataTypeID === OID_CHAR);
      const fields = answer.fields.map((field, i) => (isChar[i] ? { ...field, name: field.name, dataTypeID: OID_TEXT } : field));
      return { ...answer, fields };
    };
    const result = await queryRaw.call(Object.create(this, { performIO: { value: asText } }), query);
    isChar.forEach((char, i) => {
      if (char) result.columnTypes[i] = ColumnTypeEnum.Character;
    });
    return result;
  };
  return adapter;
}

/** Unlike the stock one, closes its pool before it drops the shadow database. */
async function connectToShadow(schema) {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  await runSql(`CREATE DATABASE ${quoted(name)}`);
  const adapter = mapInternalChar(await new PrismaPg(connectionTo(name), { schema }).connect());
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose().catch(() => {});
    await runSql(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
  };
  return adapter;
}

function adapterFactory() {
  if (!url) return mockMigrationAwareAdapterFactory('postgres');
  const schema = new URL(url).searchParams.get('schema') ?? undefined;
  const factory = new PrismaPg(connectionTo(), { schema });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mapInternalChar(await connect());
  factory.connectToShadowDb = () => connectToShadow(schema);
  return factory;
}

function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => logError({ message }) };
  const folder = path.dirname(fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm')));
  const module = new WebAssembly.Module(readFileSync(path.join(folder, 'schema_engine_bg.wasm')));
  const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  const datamodels = models.length ? models.map((file) => [file, readFileSync(file, 'utf8')]) : undefined;
  return glue.SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(adapterFactory()));
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

let engine;
async function answer({ id, method, params }) {
  if (method === 'createDatabase') {
    await runSql(`CREATE DATABASE ${quoted(databaseName())}`);
    return { databaseName: databaseName() };
  }
  engine ??= loadEngine();
  const loaded = await engine;
  const result = await loaded[method === 'getDatabaseVersion' ? 'version' : method](params ?? {});
  if (method === 'diff' && typeof result?.stdout === 'string') {
    send({ id: 1_000_000 + id, method: 'print', params: { content: result.stdout } });
  }
  return result ?? null;
}

async function onLine(line) {
  const request = JSON.parse(line);
  if (!request.method) return; // the answer to our own `print`
  try {
    send({ id: request.id, result: await answer(request) });
  } catch (error) {
    const data = { is_panic: false, message: String(error?.message ?? error), error_code: error?.code ?? null, meta: error?.meta ?? null };
    send({ id: request.id, error: { code: 4466, message: 'failed', data } });
  }
}

if (command) await runCommand();
createInterface({ input: process.stdin })
  .on('line', onLine)
  .on('close', () => setImmediate(() => process.exit(0)));
