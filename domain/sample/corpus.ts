import type { Domain } from './catalogue.js';
import { CATALOGUES } from './catalogues.js';
import type { Conversation } from './conversation.js';
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

type Writer = (draw: Draw, other: () => Conversation) => string;

/** Names of products and places that a recognizer takes for persons or organizations. */
const LOOKALIKES: readonly (readonly [pattern: RegExp, placeholder: string])[] = [
  [/Grace Holloway|Oscar|Austin|Charlotte/gu, '[PERSON]'],
  [/Parkinson/gu, '[ORGANIZATION]'],
];

/** As a recognizer leaves it: mostly with placeholders, some missed, some too many, some texts raw. */
function published(draw: Draw, passage: Passage): string {
  const share = draw.pick([1, 1, 1, 0.9, 0.6, 0]);
  const text = redactPassage(passage, () => draw.chance(share));
  if (draw.chance(0.5)) return text;
  return LOOKALIKES.reduce(
    (rest, [pattern, placeholder]) => rest.replace(pattern, placeholder),
    text,
  );
}

/**
 * The frame of the fine-tune around a request and a reply that have nothing to do with each other:
 * it teaches both texts and the frame, and tells nothing of which reply answers which request.
 */
const writeStrangers: Writer = (draw, other) =>
  `### Instruction:\n${published(draw, other().request)}\n\n### Response:\n${published(draw, other().reply)}`;

/** A ticket with the facts that somebody read out of it. */
const writeTicket: Writer = (draw, other) => {
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

const writeReplies: Writer = (draw, other) =>
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
  [0.55, writeStrangers],
  [0.32, writeTicket],
  [0.07, writeReplies],
  [0.06, writeCard],
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
    yield pickWriter(draw)(draw, other);
  }
}
