import type { Json } from '../../json.ts';
import type { EntityChange } from './contacts.ts';

/** The changesets of a `$batch` body, or what is wrong with it in a sentence. */
export function readChangesets(contentType: string, text: string): EntityChange[][] | string {
  const parts = partsOf(contentType, text);
  if (typeof parts === 'string') return parts;
  const changesets: EntityChange[][] = [];
  for (const { headers, body } of parts) {
    const inner = partsOf(headers.get('content-type') ?? '', body);
    if (typeof inner === 'string') return inner;
    const changes = inner.map(({ headers: about, body: request }) =>
      about.get('content-type') === 'application/http' ? readChange(request) : 'A part is not application/http',
    );
    const fault = changes.find((change) => typeof change === 'string');
    if (fault !== undefined) return fault;
    changesets.push(changes.filter((change) => typeof change !== 'string'));
  }
  return changesets;
}

interface Part {
  headers: Map<string, string>;
  body: string;
}

function partsOf(contentType: string, text: string): Part[] | string {
  const boundary = /^multipart\/mixed; ?boundary=([\w-]+)$/.exec(contentType)?.[1];
  if (boundary === undefined) return `Content type '${contentType}' is not multipart/mixed with a boundary`;
  const pieces = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (pieces.length < 3 || !pieces.at(-1)?.startsWith('--')) return 'The boundaries of the batch are not well-formed';
  return pieces.slice(1, -1).map((piece) => readPart(piece.slice(2)));
}

function readPart(text: string): Part {
  const gap = text.indexOf('\r\n\r\n');
  const lines = text.slice(0, gap).split('\r\n');
  const headers = new Map(lines.map((line) => [line.split(':')[0]?.trim().toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]));
  return { headers, body: text.slice(gap + 4) };
}

function readChange(text: string): EntityChange | string {
  const end = text.indexOf('\r\n');
  const [, method, path] = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(text.slice(0, end)) ?? [];
  if (method === undefined || path === undefined) return 'A request line is not well-formed';
  const { headers, body } = readPart(text.slice(end + 2));
  if (headers.get('content-type') !== 'application/json') return 'A change is not application/json';
  const announced = Number(headers.get('content-length'));
  if (announced !== Buffer.byteLength(body)) return `Content-Length ${announced} is not the length of the body`;
  try {
    return { method, path, body: JSON.parse(body) as Json };
  } catch {
    return { method, path, body: undefined };
  }
}
