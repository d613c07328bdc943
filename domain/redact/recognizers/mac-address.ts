import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

export const macAddress: Recognizer = {
  name: 'mac-address',
  type: 'MAC_ADDRESS',
  patterns: [
    {
      name: 'colons',
      anchor: { around: ':', before: 20, after: 20 },
      regex:
        /(?<![\w-]|(?<![g-z][a-f]{0,3}):)[0-9a-f]{2}(?:(?::[0-9a-f]{2}){5}|(?::[0-9a-f]{2}){7})(?![\w]|[:-][0-9a-f])/gi,
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
    ...besideLabel(
      [
        'mac',
        'mac address',
        'bssid',
        'hwaddr',
        'wifi mac',
        'wifi addr',
        'hardware address',
        'wlan mac',
      ],
      String.raw`(?=\d{0,11}[a-f])[0-9a-f]{12}|(?:[0-9a-f]{2} ){5}[0-9a-f]{2}`,
      { score: 0.9 },
    ),
  ],
  matches: [
    ['wifi addr 00 1B 63 C4 8F 2D', '00 1B 63 C4 8F 2D'],
    ['EUI 00:12:4b:00:1c:a7:e9:52 joined', '00:12:4b:00:1c:a7:e9:52'],
    ['MAC 00:1A:2b:3C:4d:5E', '00:1A:2b:3C:4d:5E'],
    ['00-1a-2b-3c-4d-5e.', '00-1a-2b-3c-4d-5e'],
    ['001a.2b3c.4d5e', '001a.2b3c.4d5e'],
    ['<device mac="001A2B3C4D5E"/>', '001A2B3C4D5E'],
  ],
  rejects: ['12:30:45', '00:1A:2b:3C:4d', '00:1A:2b:3C:4d:5E:6F', '00:1A-2b:3C:4d:5E'],
};
