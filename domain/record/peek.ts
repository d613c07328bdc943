/** The first bytes of a stream and the whole of it, these bytes included. */
export interface Peeked {
  /** At least as many bytes as were asked for, unless the stream is shorter. */
  readonly head: Uint8Array;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the stream, read or not. */
  close(): Promise<void>;
}

/** Looks at a stream's first bytes. Whoever may not read `chunks` to the end closes it. */
export async function peek(source: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let sizeBytes = 0;
  while (sizeBytes < bytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    sizeBytes += next.value.length;
  }
  const head = first.length === 1 ? (first[0] as Uint8Array) : Buffer.concat(first);
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield head;
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return {
    head,
    chunks: all(),
    close: async () => {
      await iterator.return?.();
    },
  };
}
