import type { Recognizer } from '../types.js';
import { AGE_CUES, OLD } from './age-cues.js';
import { besideLabel } from './labelled.js';

const ANY = String.raw`(?:[1-8]?\d)`;
/** What is as many years old and nobody: `a 95-year-old stone bridge`. */
const THING = String.raw`(?! (?:\p{L}{3,15} ){0,2}(?:bridge|building|house|home|church|chapel|school|college|hospital|hotel|castle|tower|theater|theatre|stadium|factory|mill|tree|oak|wine|whisky|port|painting|book|manuscript|violin|piano|clock|car|ship|boat|locomotive|engine|law|treaty|rule|tradition|record|brand|company|firm|business|club|newspaper|magazine|institution|organization|organisation|charity|festival|dam|pipe|pipeline|sewer|tunnel|canal|road|railway|station|machine|technology|network|structure|monument|statue)s?(?!\p{L}))`;
const AFTER = String.raw`(?:[ -]?(?:years?|yrs?|y)[ -]?(?:old|of age|o(?!\w))|[ -]?(?:yo|y\/o|y\.o\.|yo?[mf])(?!\w))${THING}`;
const WORDS = [
  'age',
  'aged',
  'ages',
  'turned',
  'turns',
  'alter',
  'edad',
  'âge',
  'patient age',
  'age at admission',
  'age at visit',
];

/** In other languages than English, where the age is said of somebody. */
const ABROAD = String.raw`[ -]?(?:Jahre? alt|jaar oud)(?![\p{L}])|(?:歳|岁|歲|세(?:(?!\p{Script=Hangul})|(?=(?:의|인|로|는|가|를|에|까지|부터|이며|이고|이상|이다|였다|였고|입니다)(?!\p{L}))))`;
/** Said of contracts, jubilees and guarantees as well. */
const OF_ANYTHING = String.raw`[ -]?(?:jährig(?:e[rnsm]?)?|års|lat(?! (?:temu|pull)))(?!\p{L})`;
const PEOPLE =
  'patient patientin frau mann dame herr herrn mutter vater großmutter großvater oma opa rentner rentnerin bewohner bewohnerin bewohnerinnen senior seniorin klient klientin witwe witwer person alter man kvinna kvinde kvinne patienten ålder alder mand mann pacjent pacjenta pacjentka pacjentki pan pani mężczyzna kobieta kobiety wiek wieku osoba osoby babcia dziadek matka ojciec chory chora seniorka mieszkanka mieszkaniec';

const beforeUnit = (number: string): RegExp =>
  new RegExp(String.raw`(?<![\w.$€£+]|\d,|\w[-/])${number}(?:${AFTER})`, 'giu');

const abroad = (number: string): RegExp =>
  new RegExp(
    String.raw`(?<![\w.$€£+]|\d,|\w[-/])${number}(?:${ABROAD})|(?<=(?<!\p{L})(?:âgée? de|(?:mujer|hombre|paciente|señora?|abonad[oa]|client[ea]) de|(?:donna|uomo|signora?|paziente|cliente) di|(?:mulher|homem) de) )${number} (?:ans|años|anni|anos)(?!\p{L})`,
    'giu',
  );

function ages(number: string): Recognizer['patterns'] {
  return [
    ...besideLabel(
      WORDS,
      String.raw`${number}(?:${AFTER})?(?![%\p{L}\p{N}]|[.,:/-]\d| ?(?:%|percent|degrees|to |and |times))`,
      { score: 0.9 },
    ),
    { name: 'years-old', regex: beforeUnit(number), score: 0.92, anchor: 'number' },
    { name: 'in-other-languages', regex: abroad(number), score: 0.85, anchor: 'number' },
    {
      name: 'of-somebody-spoken-of',
      regex: new RegExp(String.raw`(?<![\w.$€£+]|\d,|\w[-/])${number}(?:${OF_ANYTHING})`, 'giu'),
      score: 0.85,
      anchor: 'number',
      needsContext: true,
    },
    {
      // Who is so old, in German; a jubilee is a neuter.
      name: 'german-noun',
      regex: new RegExp(
        String.raw`(?<![\w.$€£+]|\d,|\w[-/]|[Dd]as |[Dd]em |[Zz]um |[Bb]eim )${number}-Jährige[rn]?(?![\p{L}]| \p{Lu})`,
        'gu',
      ),
      score: 0.85,
      anchor: 'number',
    },
  ];
}

const SPELLED = String.raw`(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?: and (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?)`;

/** Ages above 89 have to go: 45 CFR 164.514(b)(2)(i)(C). */
export const ageOver89: Recognizer = {
  name: 'age-over-89',
  type: 'AGE_OVER_89',
  patterns: [
    ...ages(OLD),
    ...AGE_CUES,
    {
      name: 'spelled',
      anchor: [
        'ninety',
        'a',
        'one',
        'aged',
        'turned',
        'turns',
        'she',
        'he',
        'lived',
        'died',
        'age',
      ],
      regex: new RegExp(
        String.raw`(?<!\p{L})(?:(?:aged|turned|turns|(?:she|he)(?:['’]s| is| was)|lived to(?: be)?|died at|age of) (?<value>${SPELLED})(?=$|[\n.,;:!?)"]| (?:and (?!a )|but|now|when|last|this|next|in|on|years))|${SPELLED}[ -](?:years?[ -](?:old|of age)))(?!\p{L})`,
        'giu',
      ),
      score: 0.9,
    },
  ],
  matches: [
    ['a 94-year-old woman', '94-year-old'],
    ['age: 91', '91'],
    ['she turned 101 in May', '101'],
    ['97 y/o male', '97 y/o'],
    ['grandad turned ninety-four last', 'ninety-four'],
    ['a ninety-two year old man', 'ninety-two year old'],
    ['Der Patient, 91 Jahre alt', '91 Jahre alt'],
    ['âgée de 95 ans, vit seule', '95 ans'],
    ['paciente de 98 años con', '98 años'],
    ['患者、92歳、男性', '92歳'],
    ['환자는 92세의 여성', '92세'],
    ['eine 93-jährige Patientin', '93-jährige'],
    ['der 93-Jährige stürzte', '93-Jährige'],
    ['pacjentka, 96 lat, leży', '96 lat'],
    ['en 94 års man', '94 års'],
    ['Mum turned ninety last May', 'ninety'],
    ['Rosa, aged ninety-one, of Leeds', 'ninety-one'],
    ['She is 93 and still drives', '93'],
    ['Her nan, 95, slipped on the stairs', '95'],
    ['my aunt is 91.', '91'],
    ['Edith Marlow, 96, of Tring', '96'],
    ['their uncle lived to be 104', '104'],
    ['he passed away at 97.', '97'],
    ['for his 95th birthday', '95th'],
    ['Pt 92F with cough', '92'],
    ['a 94yF with pain', '94yF'],
    ['geb. 1930 (94 Jahre), ledig', '94 Jahre'],
    ['Elle a 96 ans et', '96 ans'],
    ['doña Luz tiene 93 años', '93 años'],
    ['er ist 91 und rüstig', '91'],
    ['Oma ist 95 und gesund', '95'],
    ['sa tante a 96 ans', '96 ans'],
    ['Karl Dorn (94) starb am', '94'],
    ['zijn oma is 93 jaar', '93 jaar'],
    ['she is ninety-six now', 'ninety-six'],
    ['lived to be a hundred and two.', 'a hundred and two'],
  ],
  rejects: [
    'age 45',
    'aged 90% of',
    'room 94',
    'a 30 year old',
    'page 94',
    'il y a 95 ans',
    'seit 95 Jahren',
    '100세트 판매',
    '95세대 아파트',
    '90세션',
    '95세기',
    '100-jähriges Firmenjubiläum',
    'das 100-Jährige feiern',
    '99-jährige Pacht',
    'Umowa na 99 lat',
    '100 lat tradycji',
    '100 års jubileum',
    '96 lat pulldowns',
    'aged ninety days',
    'turned a hundred pages',
    'turns one hundred kilometers',
    'a 95-year-old stone bridge',
    'he is 95 percent done',
    'she was 98 pounds',
    "I'm 99% sure",
    'Abbey Road, 94, 97',
    'sales died at 95 units',
    'lived till 1998',
    'the man page is 92 lines long',
    'it is 95 today',
    'She is 91st in the queue',
    'he is a hundred percent right',
    'our 100th birthday sale',
    'il a 95 euros',
    'Patient 94 of 120',
    'sold 94M units',
    'Boston Celtics (98) beat',
  ],
  context: { words: PEOPLE.split(' '), boost: 0 },
};

export const age: Recognizer = {
  name: 'age',
  type: 'AGE',
  patterns: ages(ANY),
  context: { words: PEOPLE.split(' '), boost: 0 },
  matches: [
    ['a 34-year-old man', '34-year-old'],
    ['Age: 45', '45'],
    ['58 yo female', '58 yo'],
  ],
  rejects: ['page 45', '10 years ago', 'stage 3', 'age group'],
};
