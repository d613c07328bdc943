import { describe, expect, it } from 'vitest';
import { scanText, wordTable } from './scan-text.js';

const table = wordTable(['ssn', 'user', 'id', 'straße', 'ssn', 'école']);
const scan = (text: string) => scanText(text, table);

describe('the words of a table', () => {
  it('have a number each, the same for the same word', () => {
    expect([...table.ids]).toEqual([
      ['ssn', 0],
      ['user', 1],
      ['id', 2],
      ['straße', 3],
      ['école', 4],
    ]);
  });

  it.each([
    ['SSN and ssn', [0, 8], [0, 0]],
    ['a user_id1', [2, 7], [1, 2]],
    ['École; Straße', [0, 7], [4, 3]],
    ['😀ssn😀', [2], [0]],
    ['ssns users ids', [], []],
    ['', [], []],
  ])('are found whole, in either case: %j', (text, words, wordIds) => {
    expect(scan(text)).toMatchObject({ words, wordIds });
  });

  it('are found among more words than there are slots that no other takes', () => {
    const many = Array.from({ length: 3000 }, (_, at) =>
      at
        .toString(26)
        .replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))),
    );
    const { wordIds } = scanText(many.join(' '), wordTable(many));
    expect(wordIds).toEqual(many.map((_, at) => at));
  });

  it.each([
    ['oldUserId', [3, 7], [1, 2]],
    ['userID', [0, 4], [1, 2]],
    ['theSSNValue', [3], [0]],
    ['SSNValue', [0], [0]],
    ['Users', [], []],
  ])('are found among the humps of %s', (text, humps, humpIds) => {
    expect(scan(text)).toMatchObject({ humps, humpIds });
  });
});

describe('the words of a table in a script without spaces', () => {
  const unspaced = wordTable(['患者id', '密码', 'パスワード']);
  const wordsIn = (text: string) =>
    scanText(text, unspaced).wordIds.map((id) => unspaced.words[id]);

  it.each([
    ['この患者ID:1', ['患者id']],
    ['患者IDと密码', ['患者id', '密码']],
    ['新パスワードはX', ['パスワード']],
    ['X密码Y', ['密码']],
    ['patientIDs', []],
  ])('are found within a run of letters: %s', (text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });
});

describe('the places where something may begin', () => {
  it.each([
    ['numbers', 'a1 b 22-c3 dd', [0, 5, 8]],
    ['dotted', 'see a-b.example.org, x.y. End.', [4, 21]],
    ['schemes', 'go to https://x.example or :// ', [6, 27]],
  ] as const)('%s', (kind, text, places) => {
    expect(scan(text)[kind]).toEqual(places);
  });

  it.each([
    ['@', 'a@b @c', [1, 4]],
    [':', 'a:b:c 12: fe80::1', [1, 14]],
    ['-', '12-34-56 1-2', [2]],
    ['(', 'x (at) y [ at ] (b)', [2, 9]],
    ['$', '$5 and 5 €', [0, 9]],
  ])('around %s', (mark, text, places) => {
    expect(scan(text).marks[mark]).toEqual(places);
  });
});
