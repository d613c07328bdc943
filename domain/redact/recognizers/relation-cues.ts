import { isListedName, isNameOrUnlisted } from '../names/lexicon.js';
import { NAMES, NOT_NAMES, PARTICLE } from '../names/name-shapes.js';
import type { Recognizer } from '../types.js';

/** Who somebody is to somebody: a capital word behind it is a name, `Hope` and `Patience` too. */
const RELATIONS = (
  'wife husband spouse fiancé fiancée girlfriend boyfriend son daughter stepson stepdaughter brother ' +
  'sister mother father mum mom dad mama papa aunt auntie uncle niece nephew cousin grandson granddaughter ' +
  'grandmother grandfather grandma grandpa granny widow widower roommate flatmate neighbour neighbor ' +
  'colleague coworker boss tenant landlord landlady nanny babysitter classmate teammate'
).split(' ');

/** Before a name only: behind it another word is as likely (`Detective Agency`), so that it has to look like one. */
const RANKS = (
  'mdm madam monsieur mlle mevrouw meneer señor señorita senhor senhora signor signora dott ing avv adv advocate ' +
  'col lt gen maj cpl sergeant constable detective inspector lieutenant colonel commander cst ofc pc pcso ' +
  'trooper councillor cllr senator bishop deacon deaconess chairperson ' +
  'supervisor midwife paramedic caseworker capitaine maître'
).split(' ');

const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const LOWER = String.raw`\p{Ll}[\p{Ll}\p{M}'’-]{2,20}`;
const SHOUTED = String.raw`\p{Lu}[\p{Lu}'’-]{2,20}`;
const isSmall = new RegExp(`^(?:${PARTICLE}|der|den|bte|\\p{Lu}\\.?)$`, 'u');

/** True for a word that ends a name. `before` is the one before it: `van der Berg` is one name. */
function endsName(word: string, before: string): boolean {
  if (isSmall.test(word) || isSmall.test(before)) return false;
  return NOT_NAMES.has(word.toLowerCase()) || !isNameOrUnlisted(word);
}

/** The words of a match up to the first behind the first that is none of a name. */
function cutAtKnown(value: string): string {
  const words = value.split(/(?<=[ \t])/);
  const bare = words.map((word) => word.replace(/[\s,.]+$/, ''));
  const [first = ''] = bare;
  if (NOT_NAMES.has(first.toLowerCase()) && first !== 'Will') return '';
  const end = bare.findIndex((word, at) => at > 0 && endsName(word, bare[at - 1] ?? ''));
  return (end < 0 ? words : words.slice(0, end)).join('').replace(/[ \t,]+$/, '');
}

/** Persons behind what they are to somebody. */
export const relationCues: Recognizer = {
  name: 'relation-cues',
  type: 'PERSON',
  patterns: [
    {
      name: 'relation',
      anchor: RELATIONS,
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}-])(?:${RELATIONS.join('|')})(?:-in-law)?,? (?!${DAY})(?<value>${NAMES})`,
        'gu',
      ),
      score: 0.8,
    },
    {
      name: 'relation-in-lower-case',
      anchor: RELATIONS,
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}-])(?:${RELATIONS.join('|')}) (?<value>${LOWER})(?![\p{L}\p{N}\p{M}])`,
        'gu',
      ),
      score: 0.7,
    },
  ],
  trim: cutAtKnown,
  validate: (value) => (/^\p{Ll}/u.test(value) && !isListedName(value) ? 'failed' : 'unconfirmed'),
  matches: [
    ['mum sharon on the phone', 'sharon'],
    ['her niece Faith visits on Sundays', 'Faith'],
    ['our colleague Patience at the desk', 'Patience'],
    ['my mother-in-law Godelieve, who', 'Godelieve'],
    ['his husband Jan van der Berg called', 'Jan van der Berg'],
    ['my son Will Has the key', 'Will'],
  ],
  rejects: [
    'my sister Monday',
    'my wife said',
    'my son will call',
    'boss The',
    'the person Ulrike',
  ],
};

/** Persons behind a rank or title that is also something else, and in the case of chats and shouts. */
export const rankCues: Recognizer = {
  name: 'rank-cues',
  type: 'PERSON',
  patterns: [
    {
      name: 'rank',
      anchor: RANKS,
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}-])(?:${RANKS.map((word) => (/^p/.test(word) ? `${titled(word)}|${word.toUpperCase()}` : titled(word))).join('|')})(?:\. ?|[ \t])(?<value>${NAMES})`,
        'gu',
      ),
      score: 0.7,
    },
    {
      name: 'lower-case-title',
      anchor: ['mr', 'mrs', 'ms', 'dr', 'mister', 'prof', 'professor'],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}-])(?:mr|mrs|ms|dr|mister|prof|professor)(?:\. ?|[ \t])(?<value>(?:(?:de|van|von|la|der|el|al|bin) ){0,2}${LOWER}(?: ${LOWER})?)(?![\p{L}\p{N}\p{M}@._-])`,
        'gu',
      ),
      score: 0.7,
    },
    {
      name: 'shouted-title',
      anchor: ['mr', 'mrs', 'ms', 'miss', 'dr', 'prof'],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}-])(?:MR|MRS|MS|MISS|DR|PROF)(?:\. ?|[ \t])(?<value>${SHOUTED}(?: ${SHOUTED})?)(?![\p{L}\p{N}\p{M}])`,
        'gu',
      ),
      score: 0.8,
    },
  ],
  trim: cutAtKnown,
  validate: (value) => {
    const [first = ''] = value.match(/[\p{L}\p{M}'’-]{3,}/u) ?? [];
    return first !== '' && isNameOrUnlisted(first) ? 'unconfirmed' : 'failed';
  },
  matches: [
    ['met Mdm Siti Rahman today', 'Siti Rahman'],
    ['I, PC Gwendolyn Prosser, was', 'Gwendolyn Prosser'],
    ['asked mr lindgren about it', 'lindgren'],
    ['prof. hashimoto wrote', 'hashimoto'],
    ['YOUR MISS VERHOEVEN HUNG UP', 'VERHOEVEN'],
    ['told mr de la cruz', 'de la cruz'],
  ],
  rejects: ['Detective Work', 'dr visits', 'ms office', 'MISS WORK', 'Inspector General'],
};
