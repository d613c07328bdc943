import type { Recognizer } from '../types.js';

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Takes off sentence punctuation, and closing brackets that the URL did not open. */
function trimUrl(value: string): string {
  let end = value.length;
  while (end > 0) {
    const last = value.charAt(end - 1);
    const opener = CLOSERS[last];
    const strip =
      opener === undefined ? /[.,;:!?'"*_]/.test(last) : !value.slice(0, end).includes(opener);
    if (!strip) break;
    end -= 1;
  }
  return value.slice(0, end);
}

export const url: Recognizer = {
  name: 'url',
  type: 'URL',
  patterns: [
    {
      name: 'scheme',
      regex: /(?<![\w])(?:https?|ftp|sftp|ssh|file):\/\/[^\s<>"`|\\^]{2,2048}/gi,
      score: 0.97,
    },
    { name: 'www', regex: /(?<![\w@./-])www\.[^\s<>"`|\\^]{3,512}/gi, score: 0.95 },
    {
      name: 'host',
      regex:
        /(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}(?:com|org|net|edu|gov|io|co|uk|de|fr|info|biz|example|dev|app|ai|us|eu|health|bank)(?:\/[^\s<>"`|\\^]{0,512})?(?![\w@-])/gi,
      score: 0.75,
    },
  ],
  trim: trimUrl,
  matches: [
    ['see https://example.com/a?b=c#d.', 'https://example.com/a?b=c#d'],
    ['(www.example.org/x)', 'www.example.org/x'],
    ['at portal.example.com, log in', 'portal.example.com'],
    ['https://en.example.org/wiki/A_(b)', 'https://en.example.org/wiki/A_(b)'],
  ],
  rejects: ['jane@example.com', 'e.g. this', 'README.md', 'Node.js', 'end.Then'],
};
