import type { KeyedDraw } from './keyed-draw.js';

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();

/** Letters of a script to draw from, in place of letters of that script. */
const SCRIPTS: readonly (readonly [script: RegExp, letters: string])[] = [
  [/\p{Script=Cyrillic}/u, 'абвгдежиклмнопрстуфхцш'],
  [/\p{Script=Greek}/u, 'αβγδεζηθικλμνξοπρστυφχψω'],
  [/\p{Script=Arabic}/u, 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'],
  [/\p{Script=Hebrew}/u, 'אבגדהוזחטילמנסעפצקרשת'],
  [/\p{Script=Devanagari}/u, 'अकखगघचजटडतदनपबमयरलवशसह'],
  [/\p{Script=Thai}/u, 'กขคงจชดตทนบปพมยรลวสหอ'],
  [/\p{Script=Hiragana}/u, 'あいうえおかきくけこさしすせそたちつてとなにのはひふまみもやゆらりる'],
  [/\p{Script=Katakana}/u, 'アイウエオカキクケコサシスセソタチツテトナニノハヒフマミモヤユラリル'],
  [/\p{Script=Hangul}/u, '가나다라마바사아자차카타파하강민서지현우준영수진'],
  [/\p{Script=Han}/u, '文明华安平宁清林江山云海天光星雨雪春夏秋冬东南西北'],
];

/** A letter of the same script and case. */
export function letterLike(letter: string, draw: KeyedDraw): string {
  const isUpper = letter !== letter.toLowerCase();
  const other = SCRIPTS.find(([script]) => script.test(letter));
  if (other === undefined) return draw.pick(isUpper ? UPPER : LOWER);
  const drawn = draw.pick(other[1]);
  return isUpper ? drawn.toUpperCase() : drawn;
}

const CHARS = /(\p{N})|(\p{L})|\p{M}+/gu;

/**
 * A value of the same shape: a digit for a digit, a letter of the same script and case for a letter.
 * Marks on letters go, everything else stays.
 */
export function shapeLike(value: string, draw: KeyedDraw): string {
  return value.replace(CHARS, (_, digit?: string, letter?: string) => {
    if (digit !== undefined) return draw.pick(DIGITS);
    return letter === undefined ? '' : letterLike(letter, draw);
  });
}

/** The text with its digits replaced from left to right; as many as it has. */
export function withDigits(text: string, digits: string): string {
  let at = 0;
  return text.replace(/\d/g, () => digits[at++] ?? '');
}

export const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** So many drawn digits. */
export const drawDigits = (draw: KeyedDraw, count: number): string =>
  Array.from({ length: count }, () => draw.pick(DIGITS)).join('');
