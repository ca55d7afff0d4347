// usage: node duckdb.mjs SQL ENTRY: ENTRY is the file that @duckdb/node-api resolves to.
import { pathToFileURL } from 'node:url';

const { DuckDBInstance } = (await import(pathToFileURL(process.argv[3]))).default;

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(process.argv[2]);
