import { stdnum } from 'stdnum';
import { besideLabel } from './labelled.js';
import type { EntityType, Recognizer } from '../types.js';

/** What a number with a check digit differs in from the others. */
interface NumberSpec {
  readonly name: string;
  readonly type: EntityType;
  /** Country and name of its validator in stdnum, or a validator of one's own. */
  readonly number:
    readonly [country: string, name: string] | ((value: string, written: string) => boolean);
  /** Regular expression source of the value; case-insensitive. */
  readonly shape: string;
  /** What counts behind a label, where that is more than is ever given out: samples, slips of the pen. */
  readonly labelledShape?: string;
  /** Cue words, in lower case. */
  readonly words: readonly string[];
  /** Units before the number in which they are looked for, where one speaks of several numbers. */
  readonly charsBefore?: number;
  /** Hardly anything else has this shape and passes its check: found without a cue as well. */
  readonly distinct?: true;
  readonly matches: Recognizer['matches'];
  readonly rejects: Recognizer['rejects'];
}

/** As written, then without separators: some validators want those and some refuse them. */
function passes(number: NumberSpec['number'], value: string): boolean {
  const compact = value.replace(/[ ./()-]/g, '');
  if (typeof number === 'function') return number(compact, value);
  const validator = stdnum[number[0]]?.[number[1]];
  const holds = (text: string): boolean => validator?.validate(text).isValid === true;
  return holds(value.toUpperCase()) || holds(compact.toUpperCase());
}

/**
 * A recognizer of a number with check digits. With a cue and wrong check digits it is still reported,
 * with a score that sends it to review: people mistype.
 */
export function checkedNumber(spec: NumberSpec): Recognizer {
  return {
    name: spec.name,
    type: spec.type,
    patterns: [
      {
        name: spec.distinct === true ? 'distinct' : 'with-cue',
        regex: new RegExp(
          String.raw`(?<![\w.+]|\w[-/])(?:${spec.shape})(?![\w]|[-.,/]\d|-\w)`,
          'gi',
        ),
        score: 0.2,
        passedScore: spec.distinct === true ? 0.75 : 0.65,
        needsContext: spec.distinct !== true,
        anchor: 'number',
      },
      ...besideLabel(spec.words, `(?:${spec.labelledShape ?? spec.shape})(?![-.,/]\\d)`, {
        score: 0.4,
        passedScore: 0.75,
      }),
    ],
    validate: (value) => (passes(spec.number, value) ? 'passed' : 'unconfirmed'),
    context: {
      words: spec.words,
      boost: 0.3,
      ...(spec.charsBefore === undefined ? {} : { charsBefore: spec.charsBefore }),
      against: [
        'order',
        'invoice',
        'tracking',
        'part',
        'sku',
        'version',
        'build',
        'isbn',
        'ticket',
      ],
      penalty: 0.2,
    },
    matches: spec.matches,
    rejects: spec.rejects,
  };
}
