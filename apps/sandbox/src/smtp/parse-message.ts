/** One mail as it came in. `headers` have lower-case names and decoded values; `text` is the plain text part. */
export interface CaughtMessage {
  /** Envelope sender and recipients. */
  from: string;
  to: string[];
  subject: string;
  headers: Record<string, string>;
  text: string;
  /** All parts, among them attachments and HTML; a mail without parts has one. */
  parts: MessagePart[];
  raw: string;
}

export interface MessagePart {
  type: string;
  fileName: string | undefined;
  content: Buffer;
}

/** Reads headers, encoded words, multipart bodies, base64 and quoted-printable: what mail programs of today send. */
export function parseMessage(raw: Buffer, { from, to }: { from: string; to: string[] }): CaughtMessage {
  const text = raw.toString('latin1');
  const { headers, body } = split(text);
  const parts = partsOf(headers, body);
  const plain = parts.find(({ type, fileName }) => type === 'text/plain' && fileName === undefined);
  return {
    from,
    to,
    subject: headers.subject ?? '',
    headers,
    text: plain?.content.toString('utf8').replaceAll('\r\n', '\n').trimEnd() ?? '',
    parts,
    raw: raw.toString('utf8'),
  };
}

function split(entity: string): { headers: Record<string, string>; body: string } {
  const end = entity.startsWith('\r\n') ? 0 : entity.indexOf('\r\n\r\n');
  const head = end === -1 ? entity : entity.slice(0, end);
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\r\n(?=[ \t])/g, '').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = decodeWords(line.slice(colon + 1).trim());
  }
  return { headers, body: end === -1 ? '' : entity.slice(end + (end === 0 ? 2 : 4)) };
}

function partsOf(headers: Record<string, string>, body: string): MessagePart[] {
  const contentType = headers['content-type'] ?? 'text/plain';
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? 'text/plain';
  const boundary = parameterOf(contentType, 'boundary');
  if (!type.startsWith('multipart/') || boundary === undefined) {
    const fileName = parameterOf(headers['content-disposition'] ?? '', 'filename') ?? parameterOf(contentType, 'name');
    return [{ type, fileName, content: decodeBody(body, headers['content-transfer-encoding']) }];
  }
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1);
  return pieces
    .filter((piece) => !piece.startsWith('--'))
    .flatMap((piece) => {
      const entity = split(piece.slice(piece.indexOf('\r\n') + 2));
      return partsOf(entity.headers, entity.body);
    });
}

function parameterOf(value: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(value);
  return found?.[1] ?? found?.[2];
}

function decodeBody(body: string, encoding = '7bit'): Buffer {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return quotedPrintable(body.replace(/[ \t]*=\r\n/g, ''));
    default:
      return Buffer.from(body, 'latin1');
  }
}

function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[^?]+\?([bq])\?([^?]*)\?=/gi, (_whole, kind: string, word: string) =>
      (kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : quotedPrintable(word.replaceAll('_', ' '))).toString('utf8'),
    );
}

function quotedPrintable(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
