/** Plain text of a stored script: base64 of UTF-8, line breaks allowed. Undefined when it is neither. */
export function decodeScript(base64: string): string | undefined {
  const compact = base64.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.replace(/=+$/, '').length % 4 === 1) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(compact, 'base64'));
  } catch {
    return undefined;
  }
}

/** The stored form of a script. */
export const encodeScript = (source: string): string => Buffer.from(source, 'utf8').toString('base64');
