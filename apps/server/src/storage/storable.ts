/** PostgreSQL stores neither NUL characters nor lone surrogates; they become U+FFFD. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\uFFFD').toWellFormed();

/** JSON text in which values and keys hold nothing that PostgreSQL refuses. */
export const storableJson = (value: unknown): string => JSON.stringify(value).replace(REFUSED, '$1\\ufffd');

/** JSON.stringify writes both as escapes. An even number of backslashes before one is text of its own. */
const REFUSED = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;
