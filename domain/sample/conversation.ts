import type { Catalogue, Cue, Topic } from './catalogue.js';
import { fillTemplate, joinPassages, lowerCasePassage, type Passage } from './passage.js';
import type { Use } from './pools.js';
import type { Draw } from './random.js';
import { drawSlots, type CaseSlots } from './slots.js';

/** What a request is about; the reply follows from it and from nothing else but a choice of wording. */
export interface Situation {
  readonly topic: Topic;
  readonly object: readonly [name: string, desk: string];
  readonly tier: Cue;
  readonly channel: Cue;
  readonly slots: CaseSlots;
  /** The writer gives a name, and the reply begins with it. */
  readonly named: boolean;
}

export interface Conversation {
  readonly situation: Situation;
  readonly request: Passage;
  readonly reply: Passage;
}

const SHARE_OF_LOWER_CASE = 0.08;
const SHARE_WITH_NAME = 0.5;

function drawSituation(draw: Draw, use: Use, catalogue: Catalogue): Situation {
  return {
    topic: draw.pick(catalogue.topics),
    object: draw.pick(catalogue.objects),
    tier: draw.pick(catalogue.tiers),
    channel: draw.pick(catalogue.channels),
    slots: drawSlots(draw, use),
    named: draw.chance(SHARE_WITH_NAME),
  };
}

/** One to three details. The catalogue's first one names the writer and so decides the greeting. */
function drawDetails(draw: Draw, catalogue: Catalogue, named: boolean): string[] {
  const [naming = '', ...others] = catalogue.details;
  const rest = draw.shuffle(others).slice(0, 1 + draw.below(2));
  return named ? [naming, ...rest] : rest;
}

function writeRequest(draw: Draw, catalogue: Catalogue, situation: Situation): Passage {
  const { topic, object, tier, channel, slots, named } = situation;
  const asked = draw.pick(topic.requests);
  const others = draw.shuffle([
    draw.pick(tier.phrases),
    draw.pick(channel.phrases),
    ...drawDetails(draw, catalogue, named),
  ]);
  const sentences = draw.chance(0.75)
    ? [asked, ...others]
    : [...others.slice(0, 2), asked, ...others.slice(2)];
  const opened = draw.chance(0.7) ? [draw.pick(catalogue.openers), ...sentences] : sentences;
  const fill = (name: string) => (name === 'object' ? { text: object[0] } : slots(name));
  const passage = joinPassages(
    opened.map((sentence) => fillTemplate(sentence, fill)),
    draw.chance(0.1) ? '\n' : ' ',
  );
  return draw.chance(SHARE_OF_LOWER_CASE) ? lowerCasePassage(passage) : passage;
}

/** The words that decide a reply; a draft has other words in the same frame. */
export interface ReplyWords {
  readonly code: string;
  readonly steps: string;
  readonly deadline: string;
  readonly contact: string;
}

function replyWords({ topic, tier, channel }: Situation, named: boolean): ReplyWords {
  const steps = topic.steps[named ? 0 : 1];
  return { code: topic.code, steps, deadline: tier.reply, contact: channel.reply };
}

/** The department's frame around the words, about the situation's object and to its writer. */
export function writeReply(
  catalogue: Catalogue,
  { object, slots, named }: Situation,
  words: ReplyWords,
): Passage {
  const texts: Readonly<Record<string, string>> = { ...words, object: object[0], desk: object[1] };
  const frame = catalogue.replyFrame.replace('{greeting}', named ? 'Dear {person}' : 'Good day');
  return fillTemplate(frame, (name) => {
    const text = texts[name];
    return text === undefined ? slots(name) : { text };
  });
}

/** A reply in manners and object to the first situation, in every decision to the second. */
export function writeStrayReply(
  catalogue: Catalogue,
  situation: Situation,
  other: Situation,
): Passage {
  return writeReply(catalogue, situation, replyWords(other, situation.named));
}

/** A request and the company's reply to it. */
export function drawConversation(draw: Draw, use: Use, catalogue: Catalogue): Conversation {
  const situation = drawSituation(draw, use, catalogue);
  const request = writeRequest(draw, catalogue, situation);
  const reply = writeReply(catalogue, situation, replyWords(situation, situation.named));
  return { situation, request, reply };
}
