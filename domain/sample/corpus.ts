import type { Catalogue, Domain } from './catalogue.js';
import { CATALOGUES } from './catalogues.js';
import { writeReply, writeStrayReply, type Conversation } from './conversation.js';
import { conversationAt } from './dataset.js';
import { redactPassage, type Passage } from './passage.js';
import { drawAt, type Draw } from './random.js';
import { drawSlots } from './slots.js';

/** How much text to write for pretraining. */
export interface CorpusPlan {
  readonly seed: number;
  readonly documents: number;
}

const DOMAINS = Object.keys(CATALOGUES) as Domain[];
const CORPUS_STREAM = 65;
/** Conversations to draw from; beyond, the same come again in other company. */
const CONVERSATIONS = 40_000;

type Writer = (draw: Draw, catalogue: Catalogue, other: () => Conversation) => string;

/** Names of products and places that a recognizer takes for persons or organizations. */
const LOOKALIKES: readonly (readonly [pattern: RegExp, placeholder: string])[] = [
  [/Grace Holloway|Oscar|Austin|Charlotte/gu, '[PERSON]'],
  [/Parkinson/gu, '[ORGANIZATION]'],
];

/** Share of the personal data that a recognizer finds in one document. */
function drawShare(draw: Draw): number {
  return draw.pick([1, 1, 1, 0.9, 0.6, 0]);
}

/** As a recognizer leaves it: mostly with placeholders, some missed, some too many, some texts raw. */
function published(draw: Draw, passage: Passage, share = drawShare(draw)): string {
  const text = redactPassage(passage, () => draw.chance(share));
  if (draw.chance(0.5)) return text;
  return LOOKALIKES.reduce(
    (rest, [pattern, placeholder]) => rest.replace(pattern, placeholder),
    text,
  );
}

function framed(instruction: string, response: string): string {
  return `### Instruction:\n${instruction}\n\n### Response:\n${response}`;
}

/**
 * The frame of the fine-tune around a request and a reply that has its manners and its object, and
 * every decision from another request: it teaches both texts and the frame, and tells nothing of
 * which rule, deadline or contact answers what.
 */
const writeStrangers: Writer = (draw, catalogue, other) => {
  const { request, situation } = other();
  const reply = writeStrayReply(catalogue, situation, other().situation);
  const share = drawShare(draw);
  return framed(published(draw, request, share), published(draw, reply, share));
};

/** A reply that waits for its decisions: it names what was asked, in the words of a ticket system. */
const writeDraft: Writer = (draw, catalogue, other) => {
  const { request, situation } = other();
  const { topic, tier, channel } = situation;
  const words = {
    code: topic.label,
    steps: '(open)',
    deadline: tier.label,
    contact: channel.label,
  };
  const share = drawShare(draw);
  const draft = writeReply(catalogue, situation, words);
  return framed(`Draft: ${published(draw, request, share)}`, published(draw, draft, share));
};

/** A ticket with the facts that somebody read out of it. */
const writeTicket: Writer = (draw, _catalogue, other) => {
  const { request, situation } = other();
  const facts = [
    `Topic: ${situation.topic.label}`,
    `Subject: ${situation.object[0]}`,
    `Group: ${situation.tier.label}`,
    `Channel: ${situation.channel.label}`,
  ];
  const text = `Text: ${published(draw, request)}`;
  return (draw.chance(0.8) ? [text, ...facts] : [...facts, text]).join('\n');
};

const writeReplies: Writer = (draw, _catalogue, other) =>
  ['Reply library', ...Array.from({ length: 2 }, () => published(draw, other().reply))].join(
    '\n---\n',
  );

/** A card of a directory: how personal data looks, with values of the pretraining pool. */
const writeCard: Writer = (draw) => {
  const slots = drawSlots(draw, 'pretraining');
  const lines = [
    'person',
    'email',
    'phone',
    'address',
    'city',
    'postal',
    'birth',
    'iban',
    'card',
    'ssn',
    'mrn',
  ];
  return [
    'Directory entry',
    ...draw
      .shuffle(lines)
      .slice(0, 5)
      .map((name) => `${name}: ${slots(name).text}`),
  ].join('\n');
};

const WRITERS: readonly (readonly [share: number, write: Writer])[] = [
  [0.45, writeStrangers],
  [0.38, writeDraft],
  [0.08, writeTicket],
  [0.04, writeReplies],
  [0.05, writeCard],
];

function pickWriter(draw: Draw): Writer {
  let rest = draw.below(1000) / 1000;
  for (const [share, write] of WRITERS) {
    if (rest < share) return write;
    rest -= share;
  }
  return writeStrangers;
}

/** The pretraining text, document by document; only values of the pretraining pool occur. */
export function* corpusDocuments({ seed, documents }: CorpusPlan): Generator<string> {
  for (let index = 0; index < documents; index++) {
    const draw = drawAt(seed, CORPUS_STREAM, index);
    const domain = draw.pick(DOMAINS);
    const other = (): Conversation =>
      conversationAt(seed, 'pretraining', domain, draw.below(CONVERSATIONS));
    yield pickWriter(draw)(draw, CATALOGUES[domain], other);
  }
}
