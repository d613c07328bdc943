import { STREET_SUFFIX } from './street-suffix.js';

/** A word of a street's name: `King`, `N.`, `42nd`. */
export const WORD = String.raw`(?:\p{Lu}[\p{L}'’.-]{0,24}|\d{1,3}(?:st|nd|rd|th))`;

/** A quarter behind the kind of street: `Blvd NW`, `Street North`, but not `St South Bend`. */
const QUARTER = String.raw`(?: (?:NW|NE|SW|SE|[NSEW])(?![\p{L}\p{N}'’]|\.\p{L})(?:\.(?=,))?| (?:North|South|East|West|Northeast|Northwest|Southeast|Southwest)(?![\p{L}\p{N}]| \p{Lu}))?`;

const STOREY = String.raw`(?:\d{1,3}(?:st|nd|rd|th)|[Gg]round|[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Tt]op|[Uu]pper|[Ll]ower|[Bb]asement|[Mm]ain) (?:[Ff]loor|[Ff]l|[Ll]evel|[Ff]lat)(?![\p{L}\p{N}])(?: (?:[Ff]lat|[Rr]ear|[Ff]ront|[Ll]eft|[Rr]ight)(?!\p{L}))?\.?(?! \p{Lu})`;
const NAMED_UNIT = String.raw`(?:[Aa]pt|[Aa]partment|[Ss]uite|[Ss]te|[Uu]nit|[Ff]lat|[Ff]loor|[Ff]l|[Ll]evel|[Rr]oom|[Rr]m|[Bb]ldg|[Bb]uilding|[Ll]ot|[Ss]pace|[Ss]pc|[Tt]rlr|[Tt]railer|[Pp]enthouse|PH|[Dd]ept|[Oo]ffice|[Ss]tudio|[Ss]lip|[Hh]angar|#)\.? ?#?(?:(?=[A-Za-z-]{0,4}\d)[A-Za-z0-9-]{1,6}|[A-Z])(?![\p{L}\p{N}])`;

/** The room, flat or storey behind a street, perhaps two of them. */
export const UNIT = String.raw`(?:,? {0,2}(?:${NAMED_UNIT}|${STOREY})){0,2}`;
export const CITY = String.raw`(?:,? {0,2}\p{Lu}[\p{L}'.-]{1,24}(?: \p{Lu}[\p{L}'.-]{1,24}){0,2},? {1,2}[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?)`;

/** A dot that shortens the kind of street, and ends no sentence. */
const DOT = String.raw`(?:\.(?=[,;)]| [\p{Ll}\d(#]| (?:NW|NE|SW|SE|[NSEW])(?![\p{L}\p{N}'’])|,? {0,2}${NAMED_UNIT}|${CITY}))?`;

/** The kind of street with what belongs to it. */
export const SUFFIX = String.raw`${STREET_SUFFIX}(?![\p{L}\p{N}])${DOT}${QUARTER}`;

/** Kinds that are common words as well: they count where an address is spoken of. */
export const LOOSE_SUFFIX =
  '(?:Park|Point|Pt|Pass|Path|Run|Ridge|Rdg|Hollow|Bend|Crossing|Xing|Cove|Cv|Landing|Bluff|Glen|Heights|Hts|Manor|Meadows?|Rise|Vale|View|Wharf|Yard|Arcade|Broadway|Common|Field|Fields|Green|Garth|Mount|Shore|Spur|Springs?|Station|Summit|Wood|Woods|Pike|Bypass|Bridge|Circus|Drove|Fold|Approach|Reach|Gate|Croft|Dene|Knoll|Island|Isle|Estates?|Village|Valley|Trace|Terr|Wynd|Brae|Cloisters|Court Road)';

/** What stands in the singular with an article and is where people live: `The Green`. */
export const NAMED_ROW =
  '(?:Paddocks?|Green|Crescent|Avenue|Street|Lane|Square|Close|Mews|Orchards?|Gables|Grove|Willows|Oaks|Elms|Limes|Beeches|Maltings|Meadows?|Hollies|Laurels|Firs|Pines|Cedars|Chestnuts|Glebe|Common|Drive|Hill|Ridge|Spinney|Copse|Croft|Mount|Park|Parade|Quadrant|Causeway|Broadway|Strand|Embankment|Cloisters?|Courtyard|Stables|Mill|Rise|Vale|Warren|Wharf|Poplars|Sycamores|Birches|Hawthorns|Heath|Cottages?|Terrace|Quay|Esplanade|Promenade|Moorings|Row|Fairway|Links|Dell|Brambles|Rowans|Acres|Gardens|Drove|Nook|Bank|Dene|Crossway|Roundway|Circle|Vineyard|Priory|Abbey|Rectory|Old \\p{Lu}\\p{Ll}{2,12})';

const NUMBER_WORDS =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety';
const anyCase = (words: string): string =>
  words.replace(/(?<=^|\|)[a-z]/g, (first) => `[${first.toUpperCase()}${first}]`);
const SPOKEN = `(?:${anyCase(NUMBER_WORDS)})`;
const GOES_ON = '(?:hundred|thousand|and|oh|double|triple|zero)';

export const SPOKEN_WORDS = NUMBER_WORDS.split('|');
/** `twenty-two ten`, `four oh six`: two words or more, so that `One Way` is none. */
export const SPOKEN_NUMBER = String.raw`${SPOKEN}(?:[- ](?:${NUMBER_WORDS}|${GOES_ON})){1,6}(?!\p{L})`;
/** One word. */
export const SPOKEN_DIGIT = SPOKEN;
