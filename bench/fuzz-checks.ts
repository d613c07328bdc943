import type { Redactor } from '../domain/redact/index.js';

const ACTIONS = ['placeholder', 'numbered', 'pseudonym', 'mask'] as const;
const SECRET = { key: new Uint8Array(32).fill(1), owner: 'fuzzed' };

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

const cutsPair = (text: string, at: number): boolean =>
  at > 0 && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Redacts a text, and throws where a span is out of order or cuts a character, where a word outside
 * of spans is lost, and where JSON is none any more.
 * @returns the time of finding by `clock`
 */
export async function redactChecked(
  redactor: Redactor,
  text: string,
  name: string,
  clock: () => number,
): Promise<number> {
  const began = clock();
  const spans = await redactor.find(text);
  const took = clock() - began;
  let from = 0;
  for (const { start, end } of spans) {
    if (start < from || end <= start || end > text.length) throw new Error(`${name}: spans`);
    if (cutsPair(text, start) || cutsPair(text, end)) throw new Error(`${name}: a pair is cut`);
    from = end;
  }
  const mustBeJson = /^\s*[[{]/.test(text) && isJson(text);
  for (const action of ACTIONS) {
    const actionOf = () => action;
    const out = redactor.apply(text, spans, actionOf, SECRET);
    if (mustBeJson && !isJson(out)) throw new Error(`${name}: ${action} breaks the JSON`);
  }
  const kept = redactor.apply(text, spans, () => 'keep');
  if (kept !== text) throw new Error(`${name}: what is kept is changed`);
  return took;
}
