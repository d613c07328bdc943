/** A word of a name: capitalised, hyphens and apostrophes inside; an initial; O'Brien, McKay, Al-Sayed. */
export const NAME = String.raw`\p{Lu}(?:[\p{L}\p{M}]{1,24}|(?=['’\p{L}.]))(?:['’-](?!s(?![\p{L}]))\p{L}[\p{L}\p{M}]{0,24}){0,3}`;

const INITIAL = String.raw`\p{Lu}\.`;
const PARTICLE = String.raw`(?:van der|van den|van|von|de la|de los|de|da|dos|do|del|di|du|le|la|bin|binti|ibn|al|el|ter|ten|y)`;

/** Up to four words of a name, with particles and initials between them. */
export const NAMES = String.raw`${NAME}(?![\p{L}\p{N}])(?:[ \t](?:${PARTICLE}[ \t])?(?:${INITIAL}|${NAME}(?![\p{L}\p{N}]))){0,3}`;

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
