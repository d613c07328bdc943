/**
 * `work` on what a source gives, so many pieces under way at once, results in the order of the
 * source. The source is asked for more only as results are taken: memory is bounded.
 */
export async function* inOrder<T, R>(
  source: AsyncIterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for await (const item of source) {
    const result = work(item);
    // It is awaited in its turn; until then its failure is not unhandled.
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= ahead) yield await (running.shift() as Promise<R>);
  }
  for (const result of running) yield await result;
}
