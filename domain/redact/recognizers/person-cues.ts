import type { Recognizer } from '../types.js';
import { isNameOrUnlisted } from '../names/lexicon.js';
import { NAME, NAMES, NOT_NAMES, PARTICLE, PARTICLE_WORDS, TEAMS } from '../names/name-shapes.js';

const TITLE = String.raw`(?:Drs?|Prof|Professor|Doctor|Mr|Mrs|Ms|Mx|Miss|Mister|Herr|Frau|Madame|Mme|Sr|Sra|Señora?|Sir|Lady|Judge|Nurse|Officer|Captain|Capt|Sgt|Rev|Fr|Sister|Pastor|Rabbi|Imam|Dame|Lord)`;
const LABEL = String.raw`(?:(?:full |first |last |given |family |sur|patient |customer |client |employee |contact |maiden |legal |account ?holder )?name|patient|customer|client|employee|agent|caller|contact|attn|attention|manager|supervisor|reported by|requested by|signed|signed by|author|from|to|cc|sender|recipient|account ?holder|beneficiary|next of kin|emergency contact|guardian|spouse|physician|provider|referring|therapist|nurse|applicant|candidate|tenant|plaintiff|defendant|witness|assignee|owner|user)`;
const LOWER = String.raw`\p{Ll}[\p{Ll}\p{M}'’-]{1,20}`;
const SIGN_OFFS = 'regards sincerely thanks thank best cheers yours respectfully warmly love'.split(
  ' ',
);
const isParticle = new RegExp(`^(?:${PARTICLE}|der|den)$`, 'u');

/** True where a name ends: a word that is none, or, in lower case after two words, a listed one. */
function isOtherWord(word: string, before: string | undefined, at: number): boolean {
  if (NOT_NAMES.has(word.toLowerCase())) return true;
  const lower = /^\p{Ll}/u.test(word) && !isParticle.test(word);
  const open = at < 2 || isParticle.test(before ?? '');
  return lower && !open && !isNameOrUnlisted(word);
}

function cutAtOtherWord(value: string): string {
  const words = value.split(/(?<=[ \t])/);
  const bare = words.map((word) => word.replace(/[\s,.]+$/, ''));
  const end = bare.findIndex((word, at) => isOtherWord(word, bare[at - 1], at));
  const kept = end < 0 ? words : words.slice(0, end);
  while (kept.length > 2 && isParticle.test(kept.at(-1)?.trim() ?? '')) kept.pop();
  return kept.join('').replace(/[ \t,]+$/, '');
}

export const personCues: Recognizer = {
  name: 'person-cues',
  type: 'PERSON',
  patterns: [
    {
      name: 'title',
      anchor: [
        'dr',
        'drs',
        'prof',
        'professor',
        'doctor',
        'mr',
        'mrs',
        'ms',
        'mx',
        'miss',
        'mister',
        'herr',
        'frau',
        'madame',
        'mme',
        'sr',
        'sra',
        'señor',
        'señora',
        'sir',
        'lady',
        'judge',
        'nurse',
        'officer',
        'captain',
        'capt',
        'sgt',
        'rev',
        'fr',
        'sister',
        'pastor',
        'rabbi',
        'imam',
        'dame',
        'lord',
      ],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])${TITLE}(?:\. ?|[ \t])(?<value>(?:${PARTICLE} )?${NAMES})`,
        'gu',
      ),
      score: 0.95,
    },
    {
      name: 'self-introduction',
      anchor: [
        'my',
        'name',
        'this',
        'it',
        'speaking',
        'spoke',
        'i',
        'called',
        'named',
        'ask',
        'care',
        'c',
      ],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:[Mm][Yy] (?:full |first |last |legal )?name(?:'s| is|:)|[Nn]ame is|[Tt]his is|[Ii]t's|[Ss]peaking with|[Ss]poke (?:with|to)|I am|I'm|I’m|[Cc]alled|[Nn]amed|[Aa]sk for|[Cc]are of|c\/o) (?<value>${NAMES})`,
        'gu',
      ),
      score: 0.65,
    },
    {
      name: 'lower-case-introduction',
      anchor: ['my', 'i'],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:my (?:full |first |last |legal )?name(?:'s| is)|i am called) (?<value>${LOWER}(?: ${LOWER}){0,3})(?![\p{L}\p{N}\p{M}])`,
        'gu',
      ),
      score: 0.7,
    },
    {
      name: 'label',
      anchor: [
        'name',
        'full',
        'first',
        'last',
        'given',
        'family',
        'surname',
        'sur',
        'maiden',
        'legal',
        'account',
        'patient',
        'customer',
        'client',
        'employee',
        'contact',
        'agent',
        'caller',
        'attn',
        'attention',
        'manager',
        'supervisor',
        'reported',
        'requested',
        'signed',
        'author',
        'from',
        'to',
        'cc',
        'sender',
        'recipient',
        'accountholder',
        'beneficiary',
        'next',
        'emergency',
        'guardian',
        'spouse',
        'physician',
        'provider',
        'referring',
        'therapist',
        'nurse',
        'applicant',
        'candidate',
        'tenant',
        'plaintiff',
        'defendant',
        'witness',
        'assignee',
        'owner',
        'user',
      ],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:${caseOf(LABEL)})["']?[ \t]{0,2}[:=][ \t]{0,2}["']?(?<value>${NAMES})`,
        'gu',
      ),
      score: 0.8,
    },
    {
      name: 'salutation',
      anchor: [
        'dear',
        'hi',
        'hello',
        'hey',
        'good',
        'greetings',
        'thanks',
        'thank',
        'hallo',
        'hola',
        'bonjour',
      ],
      regex: new RegExp(
        String.raw`(?<=(?:^|[\n.!?"“:])[ \t"“]{0,3})(?:Dear|Hi|Hello|Hey|Good (?:morning|afternoon|evening)|Greetings|Thanks|Thank you|Hallo|Hola|Bonjour|HI|DEAR|HELLO),?[ \t]{1,2}(?<value>${NAMES})(?=[ \t]{0,2}[,!.:;\n—–-]|[ \t]{0,2}$)`,
        'gu',
      ),
      score: 0.85,
    },
    {
      name: 'signature',
      anchor: SIGN_OFFS,
      regex: new RegExp(
        String.raw`(?<![\p{L}])(?:[Rr]egards|[Ss]incerely|[Tt]hanks(?: (?:again|so much|in advance|a lot))?|[Tt]hank you|[Bb]est(?: wishes)?|[Cc]heers|[Yy]ours(?: truly| faithfully)?|[Rr]espectfully|[Ww]armly|[Ll]ove)[,!.]{0,1}[ \t]{0,2}(?:\r?\n[ \t]{0,2}){1,3}[-–—]{0,2}[ \t]{0,2}(?<value>${NAMES})(?=[ \t]{0,2}(?:[,\n.(|]|\r|$))`,
        'gu',
      ),
      score: 0.85,
    },
    {
      name: 'inline-signature',
      anchor: SIGN_OFFS,
      regex: new RegExp(
        String.raw`(?<![\p{L}])(?:[Rr]egards|[Ss]incerely|[Tt]hanks|[Tt]hank you|[Cc]heers|[Bb]est),[ \t]{1,2}(?<value>${NAMES})(?=[ \t]{0,2}[.!]?[ \t]{0,2}(?:\n|$))`,
        'gu',
      ),
      score: 0.75,
    },
    {
      name: 'dash-signature',
      anchor: { around: '—', before: 5, after: 170 },
      regex: new RegExp(
        String.raw`(?<=(?:^|[\n.!?])[ \t]{0,3})[-–—](?:(?<=-)-)?[ \t]{0,2}(?<value>${NAMES})(?=[ \t]{0,2}(?:\n|$))`,
        'gu',
      ),
      score: 0.7,
    },
    {
      name: 'of-a-team',
      requires: new RegExp(
        String.raw` (?:from|in|of|on) (?:my|our|your|the) (?:${TEAMS.join('|')})(?!\p{L})`,
        'u',
      ),
      anchor: { around: TEAMS, before: 200, after: 16 },
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?<value>${NAMES})(?= (?:from|in|of|on) (?:my|our|your|the) (?:${TEAMS.join('|')})(?![\p{L}]))`,
        'gu',
      ),
      score: 0.55,
    },
    {
      name: 'particle',
      anchor: { around: PARTICLE_WORDS, before: 110, after: 130 },
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?<value>${NAME} (?:van der|van den|van de|van|von|zu|bin|binti|ibn|wa|da|dos|ter|ten) ${NAME})(?![\p{L}\p{N}\p{M}])`,
        'gu',
      ),
      score: 0.65,
    },
    {
      name: 'last-comma-first',
      anchor: ['patient', 'name', 'employee', 'customer'],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:[Pp]atient|[Nn]ame|[Ee]mployee|[Cc]ustomer)[ :]{1,3}(?<value>${NAME}, ${NAME}(?: \p{Lu}\.?)?)(?![\p{L}\p{N}])`,
        'gu',
      ),
      score: 0.8,
    },
  ],
  trim: cutAtOtherWord,
  matches: [
    ['Dr. Angela Okafor-Stein said', 'Angela Okafor-Stein'],
    ['Prof. Li Wei', 'Li Wei'],
    ['Mr. ten Brink called', 'ten Brink'],
    ['my name is kwame mensah', 'kwame mensah'],
    ["I'm Kwame Mensah.", 'Kwame Mensah'],
    ['Dear Priya,\nyour', 'Priya'],
    ['Dear 张敏, this', '张敏'],
    ['my name is jan van der berg and i', 'jan van der berg'],
    ['Agnieszka from my group', 'Agnieszka'],
    ['The invoice of Jan van der Berg is open.', 'Jan van der Berg'],
    ['My name is राहुल वर्मा.', 'राहुल वर्मा'],
    ['Dear Ngũgĩ wa Kamau, your', 'Ngũgĩ wa Kamau'],
    ['Best regards,\nTomás de la Cruz', 'Tomás de la Cruz'],
    ['Patient: Søren Kjær', 'Søren Kjær'],
    ['Thanks, Olu', 'Olu'],
    ['Name: "O\'Brien, Siobhán"', "O'Brien"],
  ],
  rejects: [
    'Dear Customer,',
    'Hi Team,',
    'my name is not here',
    "I'm Sorry",
    'From: Support',
    'Thank you. The rest',
    'Dr. visits',
  ],
};

/** The label in lower case, or with a capital first letter, or shouted. */
function caseOf(source: string): string {
  return source.replaceAll(
    /(?<![\\\p{L}])\p{Ll}/gu,
    (letter) => `[${letter}${letter.toUpperCase()}]`,
  );
}
