import { describe, expect, it } from 'vitest';
import { planRecognizers } from '../plan-recognizers.js';
import { RECOGNIZERS } from '../recognizers/index.js';
import { scanText } from '../scan-text.js';
import { findLabels } from './find-labels.js';

const { table, labels } = planRecognizers(RECOGNIZERS);
const found = (text: string) => findLabels(labels, text, scanText(text, table));

const waiting = RECOGNIZERS.map(({ name, patterns }) => ({
  name,
  own: patterns.flatMap((pattern) => ('labels' in pattern ? pattern.labels : [])),
})).filter(({ own }) => own.length > 0);

it.each(waiting)(
  '$name is told of each of its labels, as written and in capitals',
  ({ name, own }) => {
    const isMissed = (label: string): boolean => {
      const [first] = found(`${label}: `);
      return first?.start !== 0 || !first.rules.some(({ recognizer }) => recognizer.name === name);
    };
    expect([...own, ...own.map((label) => label.toUpperCase())].filter(isMissed)).toEqual([]);
  },
);

describe('a label in a script without spaces', () => {
  const at = (text: string): string[] =>
    found(text).map(({ start, end }) => text.slice(start, end));

  it.each([
    ['密码是Kx92', '密码'],
    ['新パスワードはKx92', 'パスワード'],
    ['この患者IDは4711', '患者ID'],
    ['病历号ZY2019', '病历号'],
    ['아이디는 kim88', '아이디'],
    ['电话号码：13800138000', '电话'],
  ])('is found before a particle or a value: %s', (text, label) => {
    expect(at(text)).toEqual([label]);
  });

  it.each(['密码学2024年会', '用户名长度', '아이디어: 재활용', '등록번호판', '电话会议', '手机壳'])(
    'is part of another word: %s',
    (text) => {
      expect(at(text)).toEqual([]);
    },
  );
});

describe('a label in a name in camel case', () => {
  it.each([
    ['customerSSN', 'SSN'],
    ['customerSSNValue', 'SSNValue'],
    ['memberIDs', 'memberIDs'],
    ['oldUserName', 'UserName'],
    ['HTTPUserName', 'UserName'],
    ['SSNValue', 'SSNValue'],
  ])('is found: %s', (text, label) => {
    expect(found(text).map(({ start, end }) => text.slice(start, end))).toEqual([label]);
  });

  it.each(['lessnSsnotes', `a${'S'.repeat(50)}N`, 'userSSNHashed'])('is not found: %s', (text) => {
    expect(found(text).filter(({ start, end }) => /ssn/i.test(text.slice(start, end)))).toEqual([]);
  });
});
