const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DAY = String.raw`\d{1,2}(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:'?\d{2}|(?:18|19|20)\d{2})`;

/** Regular expression source of a calendar date in digits or with an English month; case-insensitive. */
export const DATE_SOURCE = [
  String.raw`(?:18|19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}`,
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.](?:(?:18|19|20)\d{2}|\d{2})`,
  String.raw`${MONTH}\.?[ -]${DAY}(?:,? ?|-)${YEAR}`,
  String.raw`${DAY}(?: of)?[ -]${MONTH}\.?,?[ -]${YEAR}`,
  String.raw`${MONTH} (?:18|19|20)\d{2}`,
].join('|');
