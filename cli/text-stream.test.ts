import { describe, expect, it } from 'vitest';
import { createTextStream } from './text-stream.js';

/** A decoder whose tokens are pieces of text; half a character shows as the replacement sign. */
const decoderOf = (pieces: readonly string[]) => (ids: readonly number[]) =>
  ids.map((id) => pieces[id] ?? '').join('');

function played(pieces: readonly string[], stops: readonly string[]) {
  const stream = createTextStream(decoderOf(pieces), stops);
  const shown = pieces.map((_, id) => stream.push(id));
  return { texts: shown.map(({ text }) => text), done: shown.at(-1)?.done, rest: stream.rest() };
}

describe('createTextStream', () => {
  it.each([
    [
      'shows words as they come, without blanks at the ends',
      [' A', ' b', ' '],
      [],
      ['A', ' b', ''],
    ],
    ['stops before a stop string', ['A', ' END', ' b'], ['END'], ['A', '', '']],
    ['holds back what may become one', ['A\n#', '##', ' x'], ['\n###'], ['A', '', '']],
    ['shows what did not become one', ['A#', 'b'], ['##'], ['A', '#b']],
    ['takes the first of several', ['one two'], ['two', 'one'], ['']],
    ['finds one across three tokens', ['xS', 'TO', 'P y'], ['STOP'], ['x', '', '']],
  ])('%s', (_, pieces, stops, texts) => {
    expect(played(pieces, stops).texts).toEqual(texts);
  });

  it('says that a stop string has come, and shows nothing after it', () => {
    expect(played(['A', 'END', 'b', 'c'], ['END'])).toEqual({
      texts: ['A', '', '', ''],
      done: true,
      rest: '',
    });
  });

  it('waits for the rest of a character', () => {
    const stream = createTextStream((ids) => (ids.length === 1 ? 'caf\uFFFD' : 'café'), []);
    expect(stream.push(0).text).toBe('caf');
    expect(stream.push(1).text).toBe('é');
  });

  it('gives at the end what it held back', () => {
    expect(played(['A', '#'], ['##'])).toEqual({ texts: ['A', ''], done: false, rest: '#' });
  });
});
