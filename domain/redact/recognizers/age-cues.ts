import type { SearchPattern } from '../types.js';

/** Ages above 89, as digits. */
export const OLD = String.raw`(?:9\d|1[01]\d|12[0-5])`;
const WHOLE = String.raw`(?<![\w.$€£+#-])${OLD}(?![\p{L}\p{N}%‰]|[.,:/-]\d)`;

const KIN =
  '(?:(?:great-|grand|step)?(?:mother|father|parent)|great-grand(?:mother|father|ma|pa|dad)|mum|mom|mam|dad|nan|nana|nanny|gran|granny|grandma|grandpa|grand?dad|granddad|sister|brother|aunt|auntie|uncle|wife|husband|widow|widower|(?:mother|father|sister|brother)-in-law)';
const SOMEBODY =
  '(?:patient|pt|resident|lady|woman|man|gentleman|veteran|pensioner|deceased|decedent|claimant|customer|client|neighbou?r|driver|passenger|victim|witness|donor|tenant|owner|partner|nun|priest|survivor)';
const IS = String.raw`(?:['’]s| is| was| turned| turns| will be|['’]ll be| would be| would have been| had turned| has turned| just turned)`;
const NEARLY = '(?:now |only |already |nearly |almost |about |just )?';

/** What may follow an age that has no unit: `94 and lives alone`, but not `94 percent`. */
const GOES_ON = String.raw`(?=$|[\n.,;:!?)"'’”–—]| [–—-] | (?:and (?!\d)|but|now|when|so|who|with|years(?! (?:ago|behind|late|ahead|from))|today|this|next|on|as|or (?!\d)|if|then|last|und|et|y|en))`;

const HAS_YEARS = String.raw`(?:elle|il) (?:a|avait|aura) |(?:morte?|décédée?|partie?|veuve) à |(?:à l['’]âge|ce patient|cette patiente) de |(?:tiene|tenía|cumple|cumplió|cumplirá) (?:ya )?|a los |(?:tem|tinha|completou|aos) |(?:ha|aveva|compie|compirà|all['’]età di|di anni) |im Alter von |(?:starb|verstarb|gestorben|verstorben) mit |op |miała? |skończyła? |(?:mère|père|tante|oncle|mamie|mémé|papi|papy|voisine?|patiente?) a |(?:oma|opa|moeder|vader|hij|zij|ze) (?:is|was|wordt) `;

/** How an age is told of somebody without a word for years. */
export const AGE_CUES: readonly SearchPattern[] = [
  {
    name: 'of-somebody',
    anchor: 'number',
    regex: new RegExp(
      String.raw`(?<=(?<!\p{L})(?:(?:she|he|who)${IS}|I(?:['’]m| am| turned)|(?:sie|er|Oma|Opa|Mutter|Vater|Großmutter|Großvater|Tante|Onkel|Schwester|Bruder|Patientin|Patient) (?:ist|war|wird|wurde)|(?:ze|zij|hij) (?:is|was|wordt)|(?:${KIN}|${SOMEBODY})${IS}|${KIN}(?:,|['’]s)?|${SOMEBODY},) ${NEARLY})${WHOLE}${GOES_ON}`,
      'giu',
    ),
    score: 0.8,
  },
  {
    // `Ann Lee, 94, of Leeds`; of an index the next page would follow.
    name: 'behind-name',
    anchor: 'number',
    regex: new RegExp(
      String.raw`(?<=(?<![\p{L}\p{N}])(?:\p{Lu}\p{Ll}[\p{L}'’-]{0,20}|\p{Lu}\.) (?:\p{Lu}\.? )?\p{Lu}\p{Ll}[\p{L}'’-]{1,20}, )${WHOLE}(?=, (?!\d)|, \d{4,})`,
      'gu',
    ),
    score: 0.7,
  },
  {
    name: 'in-parentheses-behind-name',
    anchor: 'number',
    regex:
      /(?<=(?<![\p{L}\p{N}])\p{Lu}\p{Ll}[\p{L}'’-]{0,20} \p{Lu}\p{Ll}[\p{L}'’-]{1,20} \()(?:9\d|1[01]\d|12[0-5])(?=\) (?:died|passed|lives|lived|was born|has lived|who|of|from|starb|verstarb|lebt|wohnt|ist|aus|est|vit|vive|murió|morì)(?!\p{L}))/gu,
    score: 0.75,
  },
  {
    name: 'lived-to',
    anchor: 'number',
    regex: new RegExp(
      String.raw`(?<=(?<!\p{L})(?:(?:live[sd]?|living|made it|survived) (?:to|till|until) (?:be |see |the age of )?|(?:died|passed away|passed|widowed|retired|death) at |(?:turning|going on|approaching|(?:is|was) pushing|(?:ripe old|grand old|old) age of) ))${WHOLE}(?! (?:percent|per cent|kg|lbs?|pounds|degrees|miles|km|mph|days|weeks|months|hours|minutes|the|of|people|\p{Lu}))`,
      'giu',
    ),
    score: 0.8,
  },
  {
    name: 'birthday',
    anchor: 'number',
    regex: new RegExp(
      String.raw`(?<=(?<!\p{L})(?:her|his|my|your|their|${KIN}['’]s) )${OLD}(?:st|nd|rd|th)(?=[ -]birthday)`,
      'giu',
    ),
    score: 0.8,
  },
  {
    // `91F`, as notes have it.
    name: 'with-sex',
    anchor: 'number',
    regex: new RegExp(
      String.raw`(?<=(?<!\p{L})(?:[Pp]t|[Pp]atient|[Aa]n?|[Tt]his|CC|HPI|Hx),?:? (?:is )?(?:an? )?)${OLD}(?= ?[-/]?[MF](?![\p{L}\p{N}]))`,
      'gu',
    ),
    score: 0.75,
  },
  {
    name: 'of-somebody-abroad',
    anchor: 'number',
    regex: new RegExp(
      String.raw`(?<=(?<!\p{L})(?:${HAS_YEARS}))(?<![\w.$€£+-])${OLD} ?(?:ans|años|anni|anos|Jahren?|jaar|-?jarige|lata?)(?!\p{L})|(?<=\()${OLD} (?:Jahre|ans|años|anni|anos|jaar|lata?|let|år)(?=[),])`,
      'giu',
    ),
    score: 0.8,
  },
];
