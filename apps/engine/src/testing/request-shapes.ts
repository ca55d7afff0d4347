import type { Json } from '#dataflow';

/** A request as a stand-in recorded it. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * What a component sends, as text to be kept under review: method, path, content type, how it authorizes, and body (JSON laid
 * out). `hide` replaces what differs from run to run.
 */
export function requestShapes(requests: readonly SeenRequest[], hide: (text: string) => string = (text) => text): string {
  const shapes = requests.map(({ method, path, headers, body }) => ({
    call: hide(`${method} ${path}`),
    ...(headers.authorization === undefined ? {} : { authorization: headers.authorization.replace(/^(\S+) .*/, '$1 …') }),
    ...(headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }),
    ...(headers.soapaction === undefined ? {} : { soapAction: headers.soapaction }),
    ...(headers.range === undefined ? {} : { range: headers.range }),
    ...(body === '' ? {} : { body: bodyOf(hide(body)) }),
  }));
  return `${JSON.stringify(shapes, null, 2)}\n`;
}

function bodyOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text.split('\n');
  }
}
