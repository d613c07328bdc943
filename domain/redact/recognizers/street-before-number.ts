import { isNameOrUnlisted } from '../names/lexicon.js';
import type { Recognizer } from '../types.js';
import { UNIT } from './street-words.js';

const NO = String.raw`(?:(?:No|Nr|nr)[.:]? ?|[Nn][º°] ?)?`;

/** `12`, `12a`, `44/2`, `7-9`, `No:122`. */
export const HOUSE_NUMBER = String.raw`${NO}\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[a-z]?){0,3}(?:-?(?:bis|ter)|-(?:I{1,3}|IV|hs|huis))?(?![\p{L}\p{N}])`;

/** What is said of a flat behind the number: `, scala B`, `, 3.º Esq.`, `, kv. 45`, `, depto 32`. */
export const FLAT = String.raw`(?:(?:,? | [-–] )(?:(?:[Ss]cala|[Ss]c|[Ii]nt(?:erior|erno)?|[Pp]iso|[Pp]lanta|[Pp]iano|[Dd]e?pto|[Dd]epartamento|[Dd]ept|[Kk]v|[Aa]pto?|[Aa]partamento|[Aa]ppt|[Aa]pp|[Bb]o[iî]te|[Bb]te|[Bb]us|[Bb][aâ]t|étage|[Pp]orte|[Ee]sc(?:alera|alier)?|[Pp]ortal|[Pp]uerta|[Pp]ta|[Oo]f(?:icina)?|[Cc]asa|[Ll]ocal|[Ll]ote|[Mm]z|[Bb]loque|[Bb]loco|[Bb]lq|[Tt]orre|[Ss]ala|[Cc]onj(?:unto)?|[Aa]ndar|[Ll]oja|[Ll]ok(?:al)?|[Mm]ieszkanie|[Ll]gh|WE|[Ww]hg|[Ww]ohnung|[Ss]tiege|[Tt]op|[Tt]ür|[Vv]erdieping|[Ll]eil)[.:]? {0,2}(?=[A-Za-z-]{0,4}\d|[A-Z](?!\p{L}))[A-Za-z0-9-]{1,5}(?![\p{L}\p{N}])|m\. {0,2}\d{1,4}(?!\d)|\d{1,2}(?:er|re|e|è|ème|eme|nd|de)? (?:étage|verdieping|hoog)(?!\p{L})|\d{1,2}\. (?:OG|DG|Stock|Etage|Obergeschoss|emelet)(?!\p{L})|(?:EG|DG|Hinterhaus|Erdgeschoss|Dachgeschoss|[Bb]ajos?|[Ff]undos|[Áá]tico|[Pp]rincipal|R\/C|[HLKU]0\d{3})(?![\p{L}\d])(?: (?:[A-D]|[Ii]zq|[Dd]cha|[Ee]sq|[Dd]to)(?!\p{L})\.?)?|\d{1,2}\.?[ºª°](?: (?:piso|andar|planta)(?!\p{L}))?(?:,? ?(?:[Ee]sq|[Dd]to|[Dd]cha|[Ii]zq|[Ii]zda|[A-Z])(?![\p{L}])\.?)?)){0,3}`;

/** Kinds of streets that stand before their names, in the languages of Europe and the Americas. */
const KIND = String.raw`(?:Rue|Avenue|Place|Chaussée|Boulevard|Bd\.?|Quai|Allée|Chemin|Impasse|Square|Drève|Via|Viale|Piazza|Corso|Vicolo|Largo|Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Carrera|Camino|Carretera|Ronda|Jirón|Rua|Travessa|Praça|Alameda|Estrada|[Uu]l\.|[Aa]l\.|[Pp]l\.|[Oo]s\.|Strada|Calea|Bulevardul|Carrer|Passeig|Rambla|Calçada|Beco|Aleja|Trg|[Uu]lica(?: \p{Ll}{3,14})?)`;
/** The letters that those begin with. */
const KIND_WORDS =
  'rue avenue place chaussée boulevard bd quai allée chemin impasse square drève calea bulevardul carrer passeig rambla calçada beco aleja trg ulica via viale piazza corso vicolo largo calle c avenida avda av plaza paseo carrera camino carretera ronda jirón rua travessa praça alameda estrada ul al pl os strada'.split(
    ' ',
  );
const LOWER_KINDS =
  'viale|piazza|corso|vicolo|largo|calle|avenida|plaza|paseo|carrer|rua|travessa|praça|alameda|estrada';
const SMALL = String.raw`(?:de|del|della|dello|delle|dei|degli|di|da|do|dos|das|du|des|la|las|los|el|le|les|y|e|i)`;
const WORD = String.raw`(?:(?:dell|d|l)['’])?\p{Lu}[\p{L}'’.-]{1,24}`;
const STREET = String.raw`(?:(?:${SMALL} ){0,2}${WORD}|${WORD})(?: (?:${SMALL} ){0,2}${WORD}){0,2}(?: Sur| Norte| Este| Oeste)?`;

/** Endings of street names that are one word; `-ring`, `-gate`, `-tie` end too many others. */
const ENDING = String.raw`(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm|chaussee|laan|straat|gracht|singel|plein|gatan|vägen|veien|vej|katu|vegur|gata|gaten|vegen|plass|stræde|torget|torvet|(?<!Bri|Rene)gade)`;
const SHOUTED = String.raw`(?:STRASSE|STRAßE|WEG|PLATZ|ALLEE|GASSE|LAAN|STRAAT|GRACHT|SINGEL|PLEIN)`;
const PREPOSED = String.raw`(?:(?:Am|Im|Zum|Zur|An der|An den|In der|In den|Auf der|Auf dem|Unter den) )?`;

/** What follows a street where the place is named: a code and a city, or those on a line of their own. */
const CODE_AND_CITY = String.raw`,?(?: |\r?\n)(?:[A-Z]{1,2}-)?(?:\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2}|\d{5}|\d{4} [A-Z]{2}) \p{Lu}\p{L}`;

/** What has a number and is no street: `Parkplatz 3`, `Version 12`. */
export const COUNTED = String.raw`(?:(?:Sitz|Park|Stell|Arbeits|Lager|Steck|Liege|Lehr|Spiel|Tank|Start|Ziel)platz|Version|Release|Build|Chapter|Section|Figure|Table|Page|Batch|Sprint|Phase|Level|Article|Annex|Appendix|Model|Type|Class|Grade|Order|Room|Invoice|Ticket|Step|Item|Line|Row|Lot|Bed|Ward|Gate|Desk|Box|Day|Week|Year|Part|Volume|Issue|Case|Question|Task)(?!\p{L})`;
const isCounted = new RegExp(`^${COUNTED}`, 'iu');

/** True for a street: a name of its own or a word that no English list holds is part of it. */
function isStreet(value: string): boolean {
  if (isCounted.test(value)) return false;
  if (/[\p{Script=Han}\p{Script=Cyrillic}]/u.test(value)) return true;
  const words = value.match(/\p{L}[\p{L}'’-]{2,}/gu) ?? [];
  return words.some((word) => isNameOrUnlisted(word));
}

/** Streets whose number comes last, as in most of Europe and Latin America. */
export const streetBeforeNumber: Recognizer = {
  name: 'street-before-number',
  type: 'STREET_ADDRESS',
  patterns: [
    {
      name: 'kind-first',
      anchor: KIND_WORDS,
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])${KIND} ?${STREET},? ${HOUSE_NUMBER}${FLAT}`,
        'gu',
      ),
      score: 0.85,
    },
    {
      // As many write it in a hurry; `via` is a word of English as well.
      name: 'kind-in-lower-case',
      anchor: [...LOWER_KINDS.split('|'), 'via'],
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:(?:${LOWER_KINDS}) ${STREET}|via (?:${SMALL} ${WORD}(?: ${WORD})?|${WORD} ${WORD})),? ${NO}\d{1,4}(?![\p{L}\d.]\d?)${FLAT}`,
        'gu',
      ),
      score: 0.8,
    },
    {
      // `44 rua das Flores`
      name: 'number-then-kind',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.$€£#/-]|\d,)\d{1,4},? (?:${LOWER_KINDS}|via|Via|Viale|Piazza|Rua|Calle|Avenida|Carrer|Travessa|Praça) ${STREET}${FLAT}${UNIT}`,
        'gu',
      ),
      score: 0.75,
    },
    {
      name: 'kind-last',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<=(?<![\p{L}\p{N}])(?<lead>${PREPOSED}\p{Lu}(?:[\p{L}-]{0,24}${ENDING}|[\p{Lu}-]{0,24}${SHOUTED}) ${NO}))${HOUSE_NUMBER}${FLAT}`,
        'gu',
      ),
      score: 0.85,
    },
    {
      name: 'kind-apart',
      anchor: {
        around: 'caddesi cad sokağı sokak sok bulvarı utca út tér körút krt'.split(' '),
        before: 90,
        after: 70,
      },
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:${WORD} ){1,3}(?:Caddesi|Cad\.|Sokağı|Sokak|Sok\.|Bulvarı|utca|út|tér|körút|krt\.),? ${HOUSE_NUMBER}${FLAT}`,
        'gu',
      ),
      score: 0.85,
    },
    {
      name: 'russian',
      anchor: ['ул', 'улица', 'пр', 'проспект', 'пер', 'наб', 'бул', 'шоссе', 'вул', 'вулиця'],
      regex:
        /(?<![\p{L}\p{N}])(?:ул|пр|просп|пер|наб|бул|вул)\. ?\p{Lu}[\p{L}-]{1,30}(?: \p{L}[\p{L}-]{1,30})?,? (?:(?:д|дом|буд)\.? ?)?\d{1,4}[а-я]?(?:\/\d{1,3})?(?:,? (?:корп|к|стр|кв|оф)\.? ?\d{1,4}){0,3}(?![\p{L}\p{N}])/gu,
      score: 0.9,
    },
    {
      // Road, number, building, unit, room, without spaces.
      name: 'chinese',
      anchor: 'number',
      regex:
        /(?<=(?<lead>\p{Script=Han}{1,8}(?:路|街|大道|巷|弄|胡同)))\d{1,5}号(?:院)?(?:\d{1,4}(?:幢|栋|号楼|楼|座|单元|层|室)){0,4}/gu,
      score: 0.9,
    },
    {
      name: 'japanese',
      anchor: 'number',
      regex:
        /(?<=(?<lead>[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}]{1,12}))\d{1,3}(?:丁目\d{1,3}(?:番(?:地)?(?:\d{1,3}号?)?|-\d{1,3}(?:-\d{1,3})?)|番地(?:\d{1,3})?)/gu,
      score: 0.85,
    },
    {
      name: 'before-code-and-city',
      anchor: 'number',
      // What follows is read first: few numbers have a code and a city behind them.
      regex: new RegExp(
        String.raw`(?=${HOUSE_NUMBER}${FLAT}${CODE_AND_CITY})(?<=(?<![\p{L}\p{N}])(?<lead>(?:${WORD} ${WORD} ${WORD}|${WORD} ${WORD}|${PREPOSED}${WORD}) ${NO}))${HOUSE_NUMBER}${FLAT}(?=${CODE_AND_CITY})`,
        'gu',
      ),
      score: 0.75,
    },
  ],
  validate: (value) => (isStreet(value) ? 'unconfirmed' : 'failed'),
  matches: [
    ['Lindenstraße 12a', 'Lindenstraße 12a'],
    ['Rua do Almada 210, 3.º Esq., Porto', 'Rua do Almada 210, 3.º Esq.'],
    ['ul. Krótka 14/3, 30-001 Kraków', 'ul. Krótka 14/3'],
    ['Via Verdi 12, scala B, 10121 Torino', 'Via Verdi 12, scala B'],
    ['Plaza de Armas 4 in Lima', 'Plaza de Armas 4'],
    ['Herengracht 21, 1015 AB Amsterdam', 'Herengracht 21'],
    ['Atatürk Caddesi No:5', 'Atatürk Caddesi No:5'],
    ['Am Markt 3\n18055 Rostock', 'Am Markt 3'],
    ['Ermionis 15, 546 24 Thessaloniki', 'Ermionis 15'],
    ['BREESTRAAT 5, 2311 CJ LEIDEN', 'BREESTRAAT 5'],
    ['Andrássy út 12', 'Andrássy út 12'],
    ['Av. Reforma 340, Int. 12, Col.', 'Av. Reforma 340, Int. 12'],
    ['Rua do Almada 90, apto 52, bloco B, Porto', 'Rua do Almada 90, apto 52, bloco B'],
    ['Calle Huertas 9, bajo B, Madrid', 'Calle Huertas 9, bajo B'],
    ['Lindenstraße 12, 3. OG, Köln', 'Lindenstraße 12, 3. OG'],
    ['Calle Huertas 9, 2º piso, Madrid', 'Calle Huertas 9, 2º piso'],
    ['ul. Krótka 14 m. 3, Kraków', 'ul. Krótka 14 m. 3'],
    ['siamo in via dei Mille 19, quarto', 'via dei Mille 19'],
    ['residente in via Borgo Palazzo 93, scala B, 24125', 'via Borgo Palazzo 93, scala B'],
    ['at 44 rua das Flores, 2nd floor, key', '44 rua das Flores, 2nd floor'],
    ['in Split at Ulica kralja Zvonimira 14, drove', 'Ulica kralja Zvonimira 14'],
    ['served at Møllergata 19, H0304, Oslo', 'Møllergata 19, H0304'],
    ['at Chaussée de Charleroi 112, boîte 5, Brussels', 'Chaussée de Charleroi 112, boîte 5'],
    ['living at Herengracht 219-II, and', 'Herengracht 219-II'],
    ['Bergtorget 12 i Oslo', 'Bergtorget 12'],
    ['г. Казань, ул. Баумана, д. 44, кв. 17, индекс', 'ул. Баумана, д. 44, кв. 17'],
  ],
  rejects: [
    'Rue the day 3',
    'Parkplatz 3',
    'Version 12, 10000 Users',
    'Room 12, 10115 Items',
    'Via Email 3 times',
    'we flew via Dubai 12 times',
    'via Terminal 2',
    'the Brigade 12 of 1914',
    'largo 12, talla M',
    '12 plaza tickets',
    'Avenue 5',
    'Order 7, 12345 Euro',
  ],
};
