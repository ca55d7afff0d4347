// usage: node duckdb.mjs SQL
import { DuckDBInstance } from '@duckdb/node-api';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(process.argv[2]);
