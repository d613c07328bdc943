import nlp from 'compromise/three';

interface Model {
  readonly one: { readonly lexicon: Readonly<Record<string, unknown>> };
}

const LEXICON = (nlp.model() as unknown as Model).one.lexicon;

const has = (word: string): boolean => Object.hasOwn(LEXICON, word);

/** Endings that make a listed word unlisted, and what may stand in their place. */
const ENDINGS: readonly (readonly [ending: string, stems: readonly string[]])[] = [
  ['s', ['']],
  ['es', ['']],
  ['ies', ['y']],
  ['ing', ['', 'e']],
  ['ed', ['', 'e']],
  ['er', ['', 'e']],
  ['ly', ['', 'y']],
  ['ment', ['']],
  ['ness', ['']],
  ['tion', ['te', 't']],
];

/** Words of business prose that compromise's list lacks. */
const BUSINESS: ReadonlySet<string> = new Set(
  (
    'email website login username helpdesk onboarding payroll timesheet backend frontend firmware router wifi vpn ' +
    'api url pdf csv invoice refund checkout dashboard portal workflow chatbot app apps overdraft mortgage cardholder ' +
    'copay deductible diagnosis outpatient inpatient radiology cardiology oncology dermatology neurology triage mri ' +
    'metformin lisinopril ibuprofen atorvastatin amoxicillin insulin aspirin hypertension diabetes asthma migraine ' +
    'android iphone windows outlook excel powerpoint linux macos bluetooth javascript python chrome firefox ' +
    'internet web online offline ok faq hr it qa crm erp saas sso mfa otp ssn dob iban bic mrn zip'
  ).split(' '),
);

/** True for a word of English prose, inflected forms included; lower or upper case. */
function isKnownWord(word: string): boolean {
  const lower = word.toLowerCase().replace(/['’]s?$/, '');
  if (has(lower) || BUSINESS.has(lower)) return true;
  return ENDINGS.some(
    ([ending, stems]) =>
      lower.length > ending.length + 2 &&
      lower.endsWith(ending) &&
      stems.some((stem) => has(lower.slice(0, -ending.length) + stem)),
  );
}

const tagsOf = (word: string): readonly unknown[] => {
  const tag = LEXICON[word.toLowerCase()];
  return Array.isArray(tag) ? (tag as readonly unknown[]) : [tag];
};

// FirstName holds the words that are also something else: mark, grace.
const SURE_NAME =
  /^(?:LastName|MaleName|FemaleName|Person|City|Country|Region|Place|Organization)$/;

/** True for a word that is hardly anything but a name, so that it may be looked for in any case. */
export function isOnlyName(word: string): boolean {
  const sure = tagsOf(word).every((tag) => typeof tag === 'string' && SURE_NAME.test(tag));
  return sure || !isKnownWord(word);
}

const NAME_TAG = /Name|^Person$/;

/** True for a word that compromise lists as a name of persons or more. */
export function isListedName(word: string): boolean {
  return tagsOf(word).some((one) => typeof one === 'string' && NAME_TAG.test(one));
}

/** True for a word that compromise lists as a name, and for one that it does not list. */
export function isNameOrUnlisted(word: string): boolean {
  return !isKnownWord(word) || isListedName(word);
}
