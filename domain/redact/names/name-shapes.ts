/** A word of a script without letter case (Han, Devanagari, Arabic, Hebrew, Thai). */
const UNCASED_WORD = String.raw`\p{Lo}[\p{Lo}\p{M}\u200c\u200d]{1,24}`;

/** A word of a name: capitalised, hyphens and apostrophes inside; O'Brien, McKay, Al-Sayed; or uncased. */
export const NAME = String.raw`(?:${UNCASED_WORD}|\p{Lu}(?:[\p{L}\p{M}]{1,24}|(?=['’\p{L}.]))(?:['’-](?!s(?![\p{L}]))\p{L}[\p{L}\p{M}]{0,24}){0,3})`;

const INITIAL = String.raw`\p{Lu}\.`;
/** Small words inside a name. */
export const PARTICLE = String.raw`(?:van der|van den|van|von|de la|de los|de|da|dos|do|del|di|du|le|la|bin|binti|ibn|al|el|ter|ten|wa|y)`;

/** Up to four words of a name, with particles and initials between them. */
export const NAMES = String.raw`${NAME}(?![\p{L}\p{N}\p{M}])(?:[ \t](?:${PARTICLE}[ \t])?(?:${INITIAL}|${NAME}(?![\p{L}\p{N}\p{M}]))){0,3}`;

/** Words that stand where a name could, and are none. Lower case. */
export const NOT_NAMES: ReadonlySet<string> = new Set(
  (
    'a all am an and any anyone are as at be but by can customer customers client clients colleague ' +
    'colleagues do doctor dr everybody everyone folks for friend friends from get go good guys happy has have he ' +
    'hello help her here hi his hr how i if im in is it its just let ma madam manager me member my no not of on or our ' +
    'out patient please prof professor regarding re sales service she sir sirs so sorry staff subject support team ' +
    'thank thanks that the their them there these they this those to unable unfortunately unknown us user valued ' +
    'very was we what when where which who why will with would yes yet you your yours department office admin ' +
    'administrator agent assistant billing security compliance legal finance it helpdesk desk n/a none null unavailable pending ' +
    'still writing having trying looking calling currently also again being going now then too here sure ok okay mr mrs ms'
  ).split(' '),
);

/** What a person can be of; up to four words of a name with their particles stand before it. */
export const TEAMS = ['team', 'group', 'department', 'office', 'branch', 'unit', 'shift'];

/** Particles that stand between two words of a name and hardly anywhere else. */
export const PARTICLE_WORDS = [
  'van',
  'von',
  'zu',
  'bin',
  'binti',
  'ibn',
  'wa',
  'da',
  'dos',
  'ter',
  'ten',
];
