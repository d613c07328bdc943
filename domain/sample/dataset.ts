import type { Domain } from './catalogue.js';
import { CATALOGUES } from './catalogues.js';
import { drawConversation, type Conversation } from './conversation.js';
import type { Passage } from './passage.js';
import type { Use } from './pools.js';
import { drawAt, type Draw } from './random.js';
import { drawBirthDate, drawPersona, drawPostalCode } from './values.js';

/** One row before it is written in its file's shape. */
export interface SampleRecord {
  readonly id: string;
  readonly subject: string;
  readonly request: Passage;
  readonly reply: Passage;
  /** Fields for which nobody stated a purpose; ingest drops them. */
  readonly extra: Readonly<Record<string, string | number>>;
}

export interface DatasetPlan {
  readonly seed: number;
  readonly use: Use;
  readonly domain: Domain;
  readonly originals: number;
  readonly exactDuplicates: number;
  readonly nearDuplicates: number;
}

const STREAMS: Readonly<Record<Domain, number>> = { support: 1, hr: 2, clinical: 3, banking: 4 };
const PREFIXES: Readonly<Record<Domain, readonly [record: string, subject: string]>> = {
  support: ['SUP', 'C'],
  hr: ['HR', 'E'],
  clinical: ['CLI', 'P'],
  banking: ['BNK', 'B'],
};
/** The uses' records are drawn from streams apart. */
const STREAMS_PER_USE: Readonly<Record<Use, number>> = {
  sample: 0,
  holdout: 16,
  pretraining: 32,
  canary: 48,
};

const EXTRAS: Readonly<Record<Domain, (draw: Draw, use: Use) => SampleRecord['extra']>> = {
  support: (draw, use) => ({
    birth_date: drawBirthDate(draw, use),
    loyalty_points: draw.below(5000),
    clerk: drawPersona(draw, use).fullName,
  }),
  hr: (draw, use) => ({
    salary_band: draw.pick(['A', 'B', 'C', 'D']),
    union_member: draw.pick(['yes', 'no']),
    manager: drawPersona(draw, use).fullName,
  }),
  clinical: (draw, use) => ({
    insurance: draw.pick(['public', 'private']),
    emergency_contact: drawPersona(draw, use).fullName,
  }),
  banking: (draw, use) => ({ branch: drawPostalCode(draw, use), risk_score: draw.below(1000) }),
};

/** The conversation at an index of a use and domain; the same for the same seed, for ever. */
export function conversationAt(
  seed: number,
  use: Use,
  domain: Domain,
  index: number,
): Conversation {
  const stream = STREAMS_PER_USE[use] + STREAMS[domain];
  return drawConversation(drawAt(seed, stream, index), use, CATALOGUES[domain]);
}

function originalAt(plan: DatasetPlan, index: number): SampleRecord {
  const { seed, use, domain } = plan;
  const { request, reply } = conversationAt(seed, use, domain, index);
  const draw = drawAt(seed, STREAMS_PER_USE[use] + STREAMS[domain] + 8, index);
  const [prefix, subjectPrefix] = PREFIXES[domain];
  return {
    id: `${prefix}-${String(index + 1).padStart(6, '0')}`,
    subject: `${subjectPrefix}-${String(10_000 + draw.below(Math.ceil(plan.originals * 0.8)))}`,
    request,
    reply,
    extra: EXTRAS[domain](draw, use),
  };
}

/** The same text with one more sentence at the end: nearly the same to a reader. */
function nearly(record: SampleRecord, draw: Draw): SampleRecord {
  const tail = draw.pick([' Thank you.', ' Thanks in advance!', ' Many thanks.', ' Sent again.']);
  return { ...record, request: { ...record.request, text: record.request.text + tail } };
}

/**
 * The good records of one file: originals, then copies under ids of their own, all in a random
 * order. A copy is what a queue delivers twice or a customer sends again.
 */
export function buildRecords(plan: DatasetPlan): readonly SampleRecord[] {
  const originals = Array.from({ length: plan.originals }, (_, index) => originalAt(plan, index));
  const draw = drawAt(plan.seed, STREAMS_PER_USE[plan.use] + STREAMS[plan.domain], 0xffffffff);
  const [prefix] = PREFIXES[plan.domain];
  const copied = draw.shuffle(originals).slice(0, plan.exactDuplicates + plan.nearDuplicates);
  const copies = copied.map((record, at) => {
    const id = `${prefix}-${String(900_001 + at)}`;
    return at < plan.exactDuplicates ? { ...record, id } : { ...nearly(record, draw), id };
  });
  return draw.shuffle([...originals, ...copies]);
}
