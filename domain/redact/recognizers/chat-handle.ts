import type { Recognizer } from '../types.js';

/** Who or what speaks in a log or a chat and is no person's handle. */
const NOT_HANDLES =
  '(?:info|warn|warning|error|debug|trace|fatal|notice|critical|alert|system|server|client|bot|admin|root|user|agent|customer|guest|caller|support|note|me|you|log|kernel|cron|daemon|main|worker|job|task|total|time|date|status|subject|from|to|re|update)';

/** Who wrote a line of a chat, behind its time: `[09:14] kofi_b: hello`. */
export const chatHandle: Recognizer = {
  name: 'chat-handle',
  type: 'USERNAME',
  patterns: [
    {
      name: 'behind-time',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<=(?:^|\n)[\[(]?)\d{1,2}:\d{2}(?: ?[AaPp][Mm])?[\])]? {1,2}(?:[-–] )?[<@]?(?!${NOT_HANDLES}[\W_\d])(?<value>\p{Ll}[\p{Ll}\d._-]{2,30})(?=>|: \p{L})`,
        'gu',
      ),
      score: 0.7,
    },
  ],
  matches: [
    ['[09:14] kofi_b: morning all', 'kofi_b'],
    ['09:14 <ann.lee> hi', 'ann.lee'],
    ['hello\n(10:02) mira88: ok\n', 'mira88'],
  ],
  rejects: [
    '[09:14] info: started',
    '09:14 worker-3: done',
    '[09:14] error: failed',
    'at 09:14 kofi said: no',
    '[10:00:01] nginx: worker started',
    '10:30 retry in 5 minutes',
  ],
};
