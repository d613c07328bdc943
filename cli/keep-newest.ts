/** Keeps a value; the promise ends once it, or one that was given later, is kept. */
export type Keep<T> = (value: T) => Promise<void>;

/**
 * Saves one value at a time, and of those that come meanwhile the newest alone. A save that fails
 * rejects for those who waited for it, and for nobody after.
 */
export function keepNewest<T>(save: Keep<T>): Keep<T> {
  let waiting: { value: T; saved: Promise<void> } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return (value) => {
    if (waiting !== undefined) {
      waiting.value = value;
      return waiting.saved;
    }
    const turn = { value, saved: Promise.resolve() };
    turn.saved = last.then(() => {
      waiting = undefined;
      return save(turn.value);
    });
    last = turn.saved.catch(() => undefined);
    waiting = turn;
    return turn.saved;
  };
}
