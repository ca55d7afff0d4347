import { randomUUID } from 'node:crypto';

/** One change within a changeset; the path is below the service. */
export interface Change {
  method: 'PUT' | 'PATCH';
  path: string;
  /** Sent as JSON. */
  body: object;
}

export interface PartAnswer {
  status: number;
  /** The body of the part, as it came. */
  text: string;
}

const END = '\r\n';
const PART_HEADERS = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];

/** The body of a `$batch` call (OData 2.0, Batch Processing): a changeset for each list of changes, all of which happen or none. */
export function batchBody(changesets: readonly (readonly Change[])[], headers: readonly string[]): { type: string; content: string } {
  const batch = `batch_${randomUUID()}`;
  const lines: string[] = [];
  for (const changes of changesets) {
    const changeset = `changeset_${randomUUID()}`;
    lines.push(`--${batch}`, `Content-Type: multipart/mixed; boundary=${changeset}`, '');
    for (const { method, path, body } of changes) {
      const json = JSON.stringify(body);
      lines.push(`--${changeset}`, ...PART_HEADERS, '', `${method} ${path} HTTP/1.1`, ...headers);
      lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`, '', json);
    }
    lines.push(`--${changeset}--`, '');
  }
  lines.push(`--${batch}--`, '');
  return { type: `multipart/mixed; boundary=${batch}`, content: lines.join(END) };
}

/**
 * The answers to the changesets, in their order: the first refusal within one when there is any, else its last answer. Undefined when the
 * text is no multipart answer.
 */
export function batchAnswers(contentType: string, text: string): PartAnswer[] | undefined {
  const parts = partsOf(contentType, text);
  const answers = parts?.map(({ type, content }) => {
    const inner = partsOf(type, content);
    const all = (inner ?? [{ content }]).map((part) => httpAnswer(part.content));
    return all.find((answer) => answer && answer.status >= 300) ?? all.at(-1);
  });
  return answers?.every((answer) => answer !== undefined) ? answers : undefined;
}

function partsOf(contentType: string, text: string): { type: string; content: string }[] | undefined {
  const boundary = /^multipart\/mixed\s*;.*?\bboundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  // A line end before a boundary belongs to it; so one is put before the first.
  const pieces = `\n${text}`.split(`\n--${boundary}`).slice(1);
  const last = pieces.pop();
  // Cut off: the last boundary is missing.
  if (!last?.startsWith('--')) return undefined;
  return pieces.map((piece) => {
    const { head, body } = split(piece.replace(/^[^\n]*\n/, ''));
    return { type: /^content-type:\s*(.*?)\s*$/im.exec(head)?.[1] ?? '', content: body };
  });
}

function httpAnswer(text: string): PartAnswer | undefined {
  const { head, body } = split(text);
  const status = /^\s*HTTP\/1\.\d (\d{3})/.exec(head)?.[1];
  return status === undefined ? undefined : { status: Number(status), text: body.trim() };
}

/** What stands before and after the first empty line. */
function split(text: string): { head: string; body: string } {
  const gap = /\r?\n\r?\n/.exec(text);
  return gap ? { head: text.slice(0, gap.index), body: text.slice(gap.index + gap[0].length) } : { head: text, body: '' };
}
