/** The same bytes in chunks of at least so many, for steps that cost much for each chunk; the last may be smaller. */
export async function* gather(chunks: AsyncIterable<Uint8Array>, atLeast: number): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    pending.push(chunk);
    size += chunk.length;
    if (size < atLeast) continue;
    yield pending.length === 1 ? chunk : Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pending);
}
