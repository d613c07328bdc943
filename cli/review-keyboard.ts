import { emitKeypressEvents } from 'node:readline';
import { renderFrame, type FrameOptions } from './review-frame.js';
import { pressKey } from './review-keys.js';
import type { Key, ReviewState } from './review-state.js';

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

/** Shows the items one by one and takes keys until the reviewer signs, refuses or leaves. */
export async function decideByKeys(start: ReviewState, told: Told): Promise<ReviewState> {
  const { stdin, stdout } = process;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  let state = start;
  const draw = () => {
    const { columns, rows } = stdout;
    const { text, pages } = renderFrame(state, { ...told, color: wantsColor(), columns, rows });
    state = { ...state, pages };
    stdout.write(`${CLEAR}${text}`);
  };
  stdout.on('resize', draw);
  try {
    return await new Promise<ReviewState>((resolve) => {
      draw();
      const onKey = (text: string | undefined, press: Keypress) => {
        const key = keyOf(text, press);
        state = key.name === 'quit' ? { ...state, end: 'quit' } : pressKey(state, key);
        if (state.end === undefined) {
          draw();
          return;
        }
        stdin.off('keypress', onKey);
        resolve(state);
      };
      stdin.on('keypress', onKey);
    });
  } finally {
    stdout.off('resize', draw);
    stdin.setRawMode(false);
    stdin.pause();
    // Nothing of the records stays on the screen or in its scrollback.
    stdout.write(CLEAR);
  }
}
