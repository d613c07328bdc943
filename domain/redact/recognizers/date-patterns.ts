const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DAY = String.raw`\d{1,2}(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:'?\d{2}|(?:18|19|20)\d{2})`;

/** Names of months, as the words that a written date begins with. */
export const MONTH_WORDS: readonly string[] = (
  'january february march april may june july august september october november december ' +
  'jan feb mar apr jun jul aug sep sept oct nov dec ' +
  'januar februar märz mai juni juli oktober dezember ' +
  'janvier février mars avril juin juillet août septembre octobre novembre décembre ' +
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ' +
  'gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre ' +
  'janeiro fevereiro março maio junho julho setembro outubro dezembro ' +
  'januari februari maart mei augustus maj augusti ' +
  'января февраля марта апреля мая июня июля августа сентября октября ноября декабря ' +
  'ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık ' +
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia'
).split(' ');

/** A day before a month: `3rd of `, `14th day of `, `3. `, `15 de `. */
export const DAY_BEFORE = String.raw`\d{1,2}(?:st|nd|rd|th|er|[º.])? (?:(?:day )?of |de |d['’])?`;

/** Behind `5 may`: it is no month there, unless a word such as `on` stands before or a sentence goes on so. */
export const NO_MONTH = String.raw` (?:be|have|not|also|still|need|want|take|cause|get|lead|help)\b|(?<=(?<!(?:\b(?:on|since|until|till|by|from|of|before|after|dated|due|born|died|admitted|discharged|seen):? \d{1,2}|\bbetween \d{1,2} and \d{1,2}|\d(?:st|nd|rd|th)|\bof) )\bmay) (?!(?:in|at|on|and|or|to|until|till|through|for|from|with|by|he|she|they|we|i|you|it|the|a|an|his|her|was|were|is|had|has|this|last|next|after|before|when|while|but|as|because|due|via|between|during|then|both)\b)\p{L}`;

/** Regular expression source of a calendar date that begins with a digit; case-insensitive. */
export const DATE_FROM_DIGIT = [
  String.raw`\d{2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:(?:19|20)\d{2}|\d{2})`,
  String.raw`\d{2}/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(?:19|20)\d{2}(?::\d{2}:\d{2}:\d{2}(?: [+-]\d{4})?)?`,
  String.raw`(?:19|20)\d{2} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일]`,
  String.raw`(?:18|19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}`,
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.](?:(?:18|19|20)\d{2}|'?\d{2})`,
  String.raw`${DAY}(?: of)?[ -]${MONTH}\.?,?[ -]${YEAR}`,
  String.raw`${DAY_BEFORE}(?:${MONTH_WORDS.join('|')}),? (?:del? )?(?:18|19|20)\d{2}`,
].join('|');

/** The same of one that begins with an English month. */
export const DATE_FROM_MONTH = [
  String.raw`${MONTH}\.?[ -](?:the )?${DAY}(?:,? ?|-)${YEAR}`,
  String.raw`${MONTH}(?: of)? (?:18|19|20)\d{2}`,
  String.raw`${MONTH}(?: of)? ['’]\d{2}`,
].join('|');

/** Either. */
export const DATE_SOURCE = `${DATE_FROM_DIGIT}|${DATE_FROM_MONTH}`;

/** A month, then a day and perhaps a year: `March 12, 2024`, `Mar 3rd`. */
export const WRITTEN_DATE = String.raw`(?:${MONTH_WORDS.join('|')})\.? (?:the )?\d{1,2}(?:st|nd|rd|th)?(?: ?[-–] ?\d{1,2}(?:st|nd|rd|th)?(?![\d/.-]))?(?:,? \d{4}|,? ['’]\d{2}|, \d{2})?|(?:${MONTH_WORDS.join('|')})\.?,?(?: of)? (?:18|19|20)\d{2}|(?:${MONTH_WORDS.join('|')})\.?(?: of)? ['’]\d{2}`;

const AND = ' (?:to|and|or|until|bis|und|et|au|al|y|e|a) ';
const BY_NAME = MONTH_WORDS.join('|');

/** The day that a range of days begins with: the `3` of `between 3 and 5 June`. */
export const FIRST_DAY = String.raw`\d{1,2}(?:st|nd|rd|th|\.)?(?=${AND}(?:the )?${DAY_BEFORE}(?:${BY_NAME})(?![\p{L}\p{N}]|${NO_MONTH}))`;

/** The month that one of months begins with: the `January` of `January to March 1998`. */
export const FIRST_MONTH = String.raw`(?:${BY_NAME})(?=(?:${AND}| ?[-–] ?)(?:${BY_NAME})\.?,? (?:18|19|20)\d{2}(?!\d))`;

/** Before a season with its year, behind it, and before a verb that is spelled alike: `we fall 2000 units short`. */
export const SEASON_CUE =
  '(?:in|the|of|this|last|since|until|till|by|during|from|early|late|mid|before|after)';
export const SEASON_END =
  '(?:in|at|on|and|or|to|when|while|she|he|we|they|i|the|was|were|is|has|had|until|till|through|for|with|after|before|but|as|by|from|term|semester|class|season)';
export const SEASON_VERB = '(?:we|they|you|i|will|would|can|could|may|might|not)';

/** The part of a year in which something was. */
export const SEASONS = 'spring summer autumn fall winter christmas easter ramadan'.split(' ');
