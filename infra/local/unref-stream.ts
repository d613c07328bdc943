/** Lets this process end although the stream is open. Pipes to children have `unref`, the stream types do not say so. */
export function unrefStream(stream: object | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}
