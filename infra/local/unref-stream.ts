/** Lets this process end although the stream is open. Pipes to children have `unref`; the stream types do not say so. */
export function unrefStream(stream: object | null): void {
  if (stream !== null && hasUnref(stream)) stream.unref();
}

function hasUnref(stream: object): stream is { unref(): void } {
  return 'unref' in stream && typeof stream.unref === 'function';
}
