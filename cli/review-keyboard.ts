import { emitKeypressEvents } from 'node:readline';
import { describeError } from './describe-error.js';
import { whileDeciding } from './interrupt.js';
import type { Keep } from './keep-newest.js';
import type { Work } from './review-drafts.js';
import { renderFrame, type FrameOptions } from './review-frame.js';
import { pressKey } from './review-keys.js';
import { workOf, type Key, type ReviewState } from './review-state.js';

/** What the screen says of the review besides its items. */
export type Told = Omit<FrameOptions, 'color' | 'columns' | 'rows'>;

/** Whether the terminal wants colour (https://no-color.org). */
export const wantsColor = (): boolean =>
  process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

interface Keypress {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

const CONTROL = /\p{Cc}/u;

function keyOf(text: string | undefined, { name = '', ctrl, meta }: Keypress): Key {
  // Leaving by Ctrl-C keeps what was decided, like q.
  if (ctrl === true && (name === 'c' || name === 'd')) return { name: 'quit', text: '' };
  const typed = text === undefined || ctrl === true || meta === true || CONTROL.test(text);
  return { name: name === 'enter' ? 'return' : name, text: typed ? '' : text };
}

const CLEAR = '\u001B[2J\u001B[3J\u001B[H';

/** A review on the screen of this terminal, which `close` leaves as it was. */
function openScreen(start: ReviewState, told: Told) {
  const { stdin, stdout } = process;
  let state = start;
  const show = (next: ReviewState): void => {
    const { columns, rows } = stdout;
    const { text, pages } = renderFrame(next, { ...told, color: wantsColor(), columns, rows });
    state = { ...next, pages };
    stdout.write(`${CLEAR}${text}`);
  };
  const redraw = (): void => {
    show(state);
  };
  const close = (): void => {
    stdout.off('resize', redraw);
    stdin.setRawMode(false);
    stdin.pause();
    // Nothing of the records stays on the screen or in its scrollback.
    stdout.write(CLEAR);
  };
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdout.on('resize', redraw);
  redraw();
  return { state: () => state, show, close };
}

type Screen = ReturnType<typeof openScreen>;

/** Takes keys until one ends the review; whatever changes a decision is handed to `changed`. */
function takeKeys({ state, show }: Screen, changed: () => void): Promise<ReviewState> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const onKey = (text: string | undefined, press: Keypress) => {
      const before = state();
      const key = keyOf(text, press);
      const after: ReviewState =
        key.name === 'quit' ? { ...before, end: 'quit' } : pressKey(before, key);
      if (after.end !== undefined) {
        stdin.off('keypress', onKey);
        resolve(after);
        return;
      }
      show(after);
      if (after.decided !== before.decided) changed();
    };
    stdin.on('keypress', onKey);
  });
}

/**
 * Shows the items one by one and takes keys until the reviewer signs, refuses or leaves. What is
 * decided is kept after each decision, and once more when the process is cut off.
 */
export async function decideByKeys(
  start: ReviewState,
  told: Told,
  keep: Keep<Work>,
): Promise<ReviewState> {
  const screen = openScreen(start, told);
  let open = true;
  const save = () => keep(workOf(screen.state()));
  const close = () => {
    open = false;
    screen.close();
  };
  const saveAndTell = () => {
    save().catch((error: unknown) => {
      if (!open) return;
      const { code, message } = describeError(error);
      screen.show({ ...screen.state(), said: `the draft is not kept: ${message} [${code}]` });
    });
  };
  try {
    return await whileDeciding({ save, restore: close }, () => takeKeys(screen, saveAndTell));
  } finally {
    close();
  }
}
