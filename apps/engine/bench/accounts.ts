/**
 * Makes the accounts that speed is measured with: `node bench/accounts.ts ROWS PREFIX` writes PREFIX.csv (RFC 4180, LF, header)
 * and PREFIX.ndjson, the same bytes for the same number of rows on any machine. 13 % of the records hold an embedded
 * separator, 2 % an embedded quote, 1 % an embedded line end; 1 M rows are 150 MB of CSV.
 */
import fs from 'node:fs';

const FIRST_NAMES =
  'James,Mary,José,Zoë,Noah,Olivia,李,Søren,Anna,Łukasz,Emma,Liam,François,Ingrid,Mateo,Aisha,Yuki,Chloé,Oleg,Priya,John,Linda,Dmitri,Fatima'.split(
    ',',
  );
const LAST_NAMES =
  "Smith,Johnson,García,Müller,O'Neil,Nguyễn,Kowalski,Silva,Rossi,Jensen,Ivanov,Tanaka,Cohen,Dubois,Haddad,Okafor,Brown,Khan,van der Berg,Núñez".split(
    ',',
  );
const CITIES =
  'New York,London,São Paulo,Zürich,München,Tel Aviv,Paris,Kraków,Osaka,Madrid,Lagos,Sydney,Toronto,Berlin,Roma,Lyon,Austin,Leeds,Porto,Århus'.split(
    ',',
  );
const COUNTRIES = 'US,GB,BR,CH,DE,IL,FR,PL,JP,ES,NG,AU,CA,IT,PT,DK'.split(',');
const DOMAINS = ['example.com', 'Example.org', 'mail.example.net', 'EXAMPLE.edu', 'corp.example.io'];
const FIRST_CREATED_MS = Date.UTC(2010, 0, 1);
const BUFFERED = 1 << 20;

export interface BenchAccount {
  UID: string;
  email: string;
  firstName: string;
  lastName: string;
  gender: string;
  birthYear: number;
  city: string;
  country: string;
  phone: string;
  subscribed: boolean;
  createdTimestamp: number;
  lastUpdated: string;
}

/** A 32-bit mulberry generator: the order of its calls below is part of the format. */
function randomSource(): () => number {
  let state = 0x9e3779b9 | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

export function* benchAccounts(rows: number): Generator<BenchAccount> {
  const random = randomSource();
  const pick = (from: readonly string[]) => from[random() % from.length] as string;
  const hex = () => (random() + 0x100000000).toString(16).slice(1);
  const phone = () => {
    const digits = String(2_000_000_000 + (((random() % 1_000_000_000) * 7) % 8_000_000_000));
    switch (random() & 3) {
      case 0:
        return `+1 (${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`;
      case 1:
        return `+44 ${digits.slice(0, 4)} ${digits.slice(4)}`;
      case 2:
        return `${digits.slice(0, 3)}.${digits.slice(3, 6)}.${digits.slice(6)}`;
      default:
        return `+33-${digits}`;
    }
  };
  for (let i = 0; i < rows; i++) {
    const firstName = pick(FIRST_NAMES);
    let lastName = pick(LAST_NAMES);
    let city = pick(CITIES);
    const kind = random() % 1000;
    if (kind < 40) lastName += ', Jr.';
    else if (kind < 60) lastName = `${lastName} "Ace" ${pick(LAST_NAMES)}`;
    if (kind >= 990) city = `${city}\nDistrict ${(random() % 20) + 1}`;
    else if (kind >= 900) city = `${city}, ${pick(COUNTRIES)}`;
    const UID = hex() + hex() + hex() + hex();
    const local = `${'abcdefghijkmnoprstuvwz'[random() % 22]}${random() % 3 === 0 ? 'User' : 'user'}.${i.toString(36)}`;
    const createdTimestamp = FIRST_CREATED_MS + (random() % 4_000_000) * 100_000 + (random() % 100_000);
    yield {
      UID,
      email: `${local}@${pick(DOMAINS)}`,
      firstName,
      lastName,
      gender: pick(['m', 'f', 'u']),
      birthYear: 1940 + (random() % 67),
      city,
      country: pick(COUNTRIES),
      phone: phone(),
      subscribed: random() % 10 < 6,
      createdTimestamp,
      lastUpdated: new Date(createdTimestamp + (random() % 100_000) * 600_000).toISOString(),
    };
  }
}

const quoted = (value: unknown) => (/[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

/** Writes `prefix.csv` and `prefix.ndjson`. */
export function writeAccounts(rows: number, prefix: string): void {
  const csv = fs.openSync(`${prefix}.csv`, 'w');
  const ndjson = fs.openSync(`${prefix}.ndjson`, 'w');
  let csvText = 'UID,email,firstName,lastName,gender,birthYear,city,country,phone,subscribed,createdTimestamp,lastUpdated\n';
  let jsonText = '';
  const flush = () => {
    fs.writeSync(csv, csvText);
    fs.writeSync(ndjson, jsonText);
    csvText = '';
    jsonText = '';
  };
  for (const account of benchAccounts(rows)) {
    csvText += `${Object.values(account).map(quoted).join(',')}\n`;
    jsonText += `${JSON.stringify(account)}\n`;
    if (jsonText.length > BUFFERED) flush();
  }
  flush();
  fs.closeSync(csv);
  fs.closeSync(ndjson);
}

if (import.meta.main) writeAccounts(Number(process.argv[2] ?? 1_000_000), process.argv[3] ?? 'accounts');
