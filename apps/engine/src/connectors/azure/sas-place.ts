import { FatalError, type Json } from '#dataflow';

/** The address of a container or a blob with the signature that opens it, as a broker handed it out. */
export interface SignedAddress {
  url: URL;
  /** Milliseconds since 1970 (`se`); undefined when it tells none. */
  endsMs: number | undefined;
  /** Letters of the rights it grants (`sp`). */
  rights: string | undefined;
  /** The blob it is for, when it is for one only (`sr=b`). */
  blob: string | undefined;
}

/**
 * Reads what a broker answered: the address as plain text or as a JSON text, or somewhere in a JSON object or list; address and
 * signature may be two texts of it.
 */
export function readSignedAddress(answer: { text: string; json: Json | undefined }): SignedAddress | undefined {
  const texts = answer.json === undefined ? [answer.text.trim()] : [...textsOf(answer.json, 0)];
  const isAddress = (text: string) => /^https?:\/\//i.test(text) && URL.canParse(text);
  const isSigned = (text: string) => /[?&]sig=|^sig=/.test(text);
  const whole = texts.find((text) => isAddress(text) && isSigned(text));
  if (whole !== undefined) return signedAddress(new URL(whole));
  const address = texts.find(isAddress);
  const signature = texts.find(isSigned);
  if (address === undefined || signature === undefined) return undefined;
  const url = new URL(address);
  url.search = signature;
  return signedAddress(url);
}

function* textsOf(json: Json, depth: number): Generator<string> {
  if (typeof json === 'string') yield json.trim();
  else if (typeof json === 'object' && json !== null && depth < 4)
    for (const value of Object.values(json)) yield* textsOf(value ?? null, depth + 1);
}

function signedAddress(url: URL): SignedAddress {
  const ends = Date.parse(url.searchParams.get('se') ?? '');
  const segments = url.pathname.split('/').filter((part) => part !== '');
  const last = segments.at(-1);
  const blob = url.searchParams.get('sr') === 'b' && segments.length > 1 && last !== undefined ? decodeURIComponent(last) : undefined;
  return { url, endsMs: Number.isNaN(ends) ? undefined : ends, rights: url.searchParams.get('sp') ?? undefined, blob };
}

/** The address of what holds the blob of a signature for one blob: blob names are put behind it. */
export function addressAbove({ url, blob }: SignedAddress): string {
  if (blob === undefined) return url.href;
  const above = new URL(url);
  above.pathname = above.pathname.replace(/\/[^/]*\/?$/, '');
  return above.href;
}

export const noAddress = (where: string): FatalError =>
  new FatalError(
    `${where} answered without an address that holds a signature (sig=). Check authenticationUrl and blobUri, and what the broker hands out.`,
    { code: 'targetRefused', details: { url: where } },
  );
