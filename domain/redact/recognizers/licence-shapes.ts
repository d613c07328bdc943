/** Regular expression sources, as they stand in prose: parts of one number apart by spaces or dashes. */

/**
 * Where the name is coded in a letter and three digits (Florida, Illinois, Maryland, Michigan, Minnesota,
 * New Jersey, Wisconsin, Ontario, Quebec): hardly anything else is grouped so.
 */
export const NAME_CODED = [
  String.raw`[A-Z]\d{3}(?:-\d{3}-\d{2}-\d{3}-\d| \d{3} \d{2} \d{3} \d)`,
  String.raw`[A-Z]\d{3}(?:-\d{4}-\d{4}(?:-\d{2})?| \d{4} \d{4}(?: \d{2})?)`,
  String.raw`[A-Z]\d{4}(?:-\d{5}-\d{5}| \d{5} \d{5})`,
  String.raw`[A-Z]\d{4}(?:-\d{6}-\d{2}| \d{6} \d{2})`,
  String.raw`[A-Z](?:-\d{3}){4}|[A-Z](?: \d{3}){4}|[A-Z]\d{3}(?:-\d{3}){3}|[A-Z]\d{3}(?: \d{3}){3}`,
].join('|');

/** Of other states: they share hardly more than a length. */
const PLAIN = [
  String.raw`\d{2,3} \d{3} \d{3}`,
  String.raw`\d{2}-\d{3}-\d{4}|\d{4}-\d{2}-\d{4}`,
  String.raw`[A-Z]\d{2}-\d{2,3}-\d{3,4}|[A-Z]{3}-\d{2}-\d{4}`,
  String.raw`[A-Z]{1,2}\d{6,14}[A-Z]?`,
  String.raw`\d{2,3}[A-Z]{2,3}\d{4,5}`,
  String.raw`WDL[A-Z\d]{9}`,
  String.raw`\d{7,9}[A-Z]?`,
].join('|');

export const STATE_SHAPES = `${NAME_CODED}|${PLAIN}`;

/** The United States, Canada and Australia: each state or province has numbers of its own. */
export const STATES: readonly string[] = (
  'Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho ' +
  'Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota ' +
  'Mississippi Missouri Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico New_York ' +
  'North_Carolina North_Dakota Ohio Oklahoma Oregon Pennsylvania Rhode_Island South_Carolina South_Dakota ' +
  'Tennessee Texas Utah Vermont Virginia Washington West_Virginia Wisconsin Wyoming Puerto_Rico ' +
  'Alberta British_Columbia Manitoba New_Brunswick Newfoundland Nova_Scotia Ontario Quebec Québec ' +
  'Saskatchewan New_South_Wales Victoria Queensland South_Australia Western_Australia Tasmania'
)
  .split(' ')
  .map((name) => name.replaceAll('_', ' '));

/** Without those that are words in capitals as well: `IN`, `OR`, `ME`, `OK`, `HI`. */
export const STATE_CODES: readonly string[] = (
  'AL AK AZ AR CA CO CT DE FL GA ID IL IA KS KY LA MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH PA ' +
  'RI SC SD TN TX UT VT VA WA WV WI WY DC PR AB BC MB NB NL NS ON PE QC SK NSW VIC QLD SA TAS ACT NT'
).split(' ');
