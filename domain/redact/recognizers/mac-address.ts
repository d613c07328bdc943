import type { Recognizer } from '../types.js';

export const macAddress: Recognizer = {
  name: 'mac-address',
  type: 'MAC_ADDRESS',
  patterns: [
    {
      name: 'colons',
      anchor: { around: ':', before: 20, after: 20 },
      regex:
        /(?<![\w-]|(?<![g-z][a-f]{0,3}):)[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![\w]|[:-][0-9a-f])/gi,
      score: 0.95,
    },
    {
      name: 'dashes',
      anchor: { around: '-', before: 20, after: 20 },
      regex: /(?<![\w:-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![\w]|[:-][0-9a-f])/gi,
      score: 0.95,
    },
    {
      name: 'quads',
      anchor: 'dotted',
      regex: /(?<![\w.])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?!\w|\.\w)/gi,
      score: 0.8,
    },
  ],
  matches: [
    ['MAC 00:1A:2b:3C:4d:5E', '00:1A:2b:3C:4d:5E'],
    ['00-1a-2b-3c-4d-5e.', '00-1a-2b-3c-4d-5e'],
    ['001a.2b3c.4d5e', '001a.2b3c.4d5e'],
  ],
  rejects: ['12:30:45', '00:1A:2b:3C:4d', '00:1A:2b:3C:4d:5E:6F', '00:1A-2b:3C:4d:5E'],
};
