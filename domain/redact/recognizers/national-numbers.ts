import { ARGENTINA } from './national/argentina.js';
import { AUSTRALIA } from './national/australia.js';
import { AUSTRIA } from './national/austria.js';
import { BELGIUM } from './national/belgium.js';
import { BRAZIL } from './national/brazil.js';
import { BULGARIA } from './national/bulgaria.js';
import { CANADA } from './national/canada.js';
import { CHILE } from './national/chile.js';
import { CHINA } from './national/china.js';
import { COLOMBIA } from './national/colombia.js';
import { CROATIA } from './national/croatia.js';
import { CZECHIA } from './national/czechia.js';
import { DENMARK } from './national/denmark.js';
import { ECUADOR } from './national/ecuador.js';
import { ESTONIA } from './national/estonia.js';
import { EUROPE } from './national/europe.js';
import { FINLAND } from './national/finland.js';
import { FRANCE } from './national/france.js';
import { GERMANY } from './national/germany.js';
import { GREECE } from './national/greece.js';
import { HONG_KONG } from './national/hong-kong.js';
import { ICELAND } from './national/iceland.js';
import { INDIA } from './national/india.js';
import { INDONESIA } from './national/indonesia.js';
import { IRELAND } from './national/ireland.js';
import { ISRAEL } from './national/israel.js';
import { ITALY } from './national/italy.js';
import { KOREA } from './national/korea.js';
import { LITHUANIA } from './national/lithuania.js';
import { MALAYSIA } from './national/malaysia.js';
import { MEXICO } from './national/mexico.js';
import { NETHERLANDS } from './national/netherlands.js';
import { NEW_ZEALAND } from './national/new-zealand.js';
import { NORWAY } from './national/norway.js';
import { PAKISTAN } from './national/pakistan.js';
import { POLAND } from './national/poland.js';
import { PORTUGAL } from './national/portugal.js';
import { ROMANIA } from './national/romania.js';
import { SINGAPORE } from './national/singapore.js';
import { SOUTH_AFRICA } from './national/south-africa.js';
import { SPAIN } from './national/spain.js';
import { SWEDEN } from './national/sweden.js';
import { SWITZERLAND } from './national/switzerland.js';
import { TAIWAN } from './national/taiwan.js';
import { THAILAND } from './national/thailand.js';
import { TURKEY } from './national/turkey.js';
import { UNITED_KINGDOM } from './national/united-kingdom.js';
import { UNITED_STATES } from './national/united-states.js';
import type { Recognizer } from '../types.js';

/** Numbers that a state gives to a person or a business, by country. */
export const NATIONAL_NUMBERS: readonly Recognizer[] = [
  ...ARGENTINA,
  ...AUSTRALIA,
  ...AUSTRIA,
  ...BELGIUM,
  ...BRAZIL,
  ...BULGARIA,
  ...CANADA,
  ...CHILE,
  ...CHINA,
  ...COLOMBIA,
  ...CROATIA,
  ...CZECHIA,
  ...DENMARK,
  ...ECUADOR,
  ...ESTONIA,
  ...EUROPE,
  ...FINLAND,
  ...FRANCE,
  ...GERMANY,
  ...GREECE,
  ...HONG_KONG,
  ...ICELAND,
  ...INDIA,
  ...INDONESIA,
  ...IRELAND,
  ...ISRAEL,
  ...ITALY,
  ...KOREA,
  ...LITHUANIA,
  ...MALAYSIA,
  ...MEXICO,
  ...NETHERLANDS,
  ...NEW_ZEALAND,
  ...NORWAY,
  ...PAKISTAN,
  ...POLAND,
  ...PORTUGAL,
  ...ROMANIA,
  ...SINGAPORE,
  ...SOUTH_AFRICA,
  ...SPAIN,
  ...SWEDEN,
  ...SWITZERLAND,
  ...TAIWAN,
  ...THAILAND,
  ...TURKEY,
  ...UNITED_KINGDOM,
  ...UNITED_STATES,
];
