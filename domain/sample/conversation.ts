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
}

export interface Conversation {
  readonly situation: Situation;
  readonly request: Passage;
  readonly reply: Passage;
}

const SHARE_OF_LOWER_CASE = 0.08;
const SHARE_WITH_NAME = 0.5;

export function drawSituation(draw: Draw, use: Use, catalogue: Catalogue): Situation {
  return {
    topic: draw.pick(catalogue.topics),
    object: draw.pick(catalogue.objects),
    tier: draw.pick(catalogue.tiers),
    channel: draw.pick(catalogue.channels),
    slots: drawSlots(draw, use),
  };
}

/** One to three details. The catalogue's first one names the writer and so decides the greeting. */
function drawDetails(draw: Draw, catalogue: Catalogue, named: boolean): string[] {
  const [naming = '', ...others] = catalogue.details;
  const rest = draw.shuffle(others).slice(0, 1 + draw.below(2));
  return named ? [naming, ...rest] : rest;
}

function writeRequest(
  draw: Draw,
  catalogue: Catalogue,
  situation: Situation,
  named: boolean,
): Passage {
  const { topic, object, tier, channel, slots } = situation;
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

function writeReply(
  draw: Draw,
  catalogue: Catalogue,
  situation: Situation,
  named: boolean,
): Passage {
  const { topic, object, tier, channel, slots } = situation;
  const texts: Readonly<Record<string, string>> = {
    object: object[0],
    desk: object[1],
    code: topic.code,
    steps: draw.pick(topic.steps),
    deadline: tier.reply,
    contact: channel.reply,
  };
  const frame = catalogue.replyFrame.replace('{greeting}', named ? 'Dear {person}' : 'Good day');
  return fillTemplate(frame, (name) => {
    const text = texts[name];
    return text === undefined ? slots(name) : { text };
  });
}

/** A request and the company's reply to it. */
export function drawConversation(draw: Draw, use: Use, catalogue: Catalogue): Conversation {
  const situation = drawSituation(draw, use, catalogue);
  const named = draw.chance(SHARE_WITH_NAME);
  const request = writeRequest(draw, catalogue, situation, named);
  const reply = writeReply(draw, catalogue, situation, named);
  return { situation, request, reply };
}
