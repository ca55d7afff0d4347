// usage: node polars.mjs ENTRY WORKLOAD INPUT OUTPUT: ENTRY is the file that nodejs-polars resolves to. Its streaming engine, native expressions.
import { pathToFileURL } from 'node:url';

const [, , entry, workload, input, output] = process.argv;
const pl = (await import(pathToFileURL(entry))).default;
const names = 'UID,email,firstName,lastName,gender,birthYear,city,country,phone,subscribed,createdTimestamp,lastUpdated'.split(',');
const text = Object.fromEntries(names.map((name) => [name, pl.Utf8]));

let frame = pl.scanCSV(input, { schema: text });
if (workload === 'W2')
  frame = frame
    .filter(pl.col('subscribed').eq(pl.lit('true')))
    .withColumns(
      pl.col('phone').str.replaceAll('[^0-9+]', ''),
      pl.concatString([pl.col('firstName'), pl.col('lastName')], ' ').alias('fullName'),
    );
if (workload === 'W3')
  frame = frame.withColumns(pl.col('email').str.toLowerCase(), pl.lit(2026).minus(pl.col('birthYear').cast(pl.Int64)).alias('age'));
else frame = frame.drop('gender', 'birthYear').rename({ UID: 'accountId', createdTimestamp: 'created', lastUpdated: 'updated' });

if (workload === 'W3') await frame.sinkNdJson(output).collect();
else await frame.sinkCSV(output, workload === 'W1p' ? {} : { compression: 'gzip', compressionLevel: 6 }).collect();
