/** A thing that somebody asks about, and what the company answers. */
export interface Topic {
  /** Short name, as a ticket system would show it. */
  readonly label: string;
  /** Name of the company's rule, one word; which rule answers which topic is learned by the fine-tune only. */
  readonly code: string;
  /** Ways to ask; `{object}` is the product, site, clinic or account. */
  readonly requests: readonly string[];
  /** The one answer in two wordings: to somebody who gives a name, and to one who does not. */
  readonly steps: readonly [string, string];
}

/** Something said in the request that decides one phrase of the reply. */
export interface Cue {
  readonly label: string;
  readonly phrases: readonly string[];
  readonly reply: string;
}

/** The vocabulary of one department. Slots: see `record-text.ts`. */
export interface Catalogue {
  readonly domain: 'support' | 'hr' | 'clinical' | 'banking';
  readonly topics: readonly Topic[];
  /** Object -> the desk that handles it. */
  readonly objects: readonly (readonly [name: string, desk: string])[];
  readonly tiers: readonly Cue[];
  readonly channels: readonly Cue[];
  readonly openers: readonly string[];
  /** Sentences with personal data; each slot becomes a planted span. */
  readonly details: readonly string[];
  /** `{greeting}`, `{object}`, `{code}`, `{steps}`, `{desk}`, `{deadline}` and `{contact}` are filled in. */
  readonly replyFrame: string;
}

export type Domain = Catalogue['domain'];
