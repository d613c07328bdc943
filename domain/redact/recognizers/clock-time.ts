import type { Recognizer } from '../types.js';

/** Whose chapters and verses are written as times are. */
const BOOKS =
  'genesis|exodus|leviticus|numbers|deuteronomy|joshua|judges|ruth|samuel|kings|chronicles|psalms?|' +
  'proverbs|ecclesiastes|isaiah|jeremiah|ezekiel|daniel|hosea|matthew|mark|luke|john|acts|romans|' +
  'corinthians|galatians|ephesians|philippians|colossians|thessalonians|timothy|hebrews|james|peter|' +
  'revelation|surah?|quran|verse';

export const clockTime: Recognizer = {
  name: 'clock-time',
  type: 'TIME',
  patterns: [
    {
      name: 'hours-and-minutes',
      regex: new RegExp(
        String.raw`(?<![\w.+]|\w[-/]|\d:|[\da-f]{2}:)(?<!(?:${BOOKS}) )(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?: ?(?:[ap]\.m\.|[ap]m\b))?(?: ?(?:UTC|GMT|CET|CEST|EST|EDT|PST|PDT|Uhr))?(?![\w:]|\.\d)`,
        'gi',
      ),
      score: 0.8,
      anchor: 'number',
    },
    {
      name: 'hour',
      regex:
        /(?<![\w.+]|\w[-/]|\d:|[\da-f]{2}:)(?:1[0-2]|0?[1-9]) ?(?:[ap]\.m\.|[ap]m\b|o'clock|Uhr)(?![\w])/gi,
      score: 0.85,
      anchor: 'number',
    },
  ],
  context: {
    words: ['at', 'time', 'from', 'until', 'appointment', 'around', 'by'],
    boost: 0.1,
    against: ['ratio', 'score', 'scale', 'verse', 'chapter'],
    penalty: 0.5,
  },
  matches: [
    ['at 14:30 today', '14:30'],
    ['7 pm sharp', '7 pm'],
    ['08:15:59 UTC', '08:15:59 UTC'],
  ],
  rejects: [
    'ratio 3:20',
    '00:1A:2b:3C:4d:5E',
    '25:61',
    'version 7',
    'John 3:16',
    '1 Corinthians 13:4',
  ],
};
