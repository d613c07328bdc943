import type { Policy, TrainingRecord } from '../../schemas/index.js';
import {
  compileChatTemplate,
  TemplateRefusal,
  type ChatTemplate,
  type Message,
} from './chat-template.js';
import { TokenizeError } from './errors.js';
import type { TextTokenizer } from './tokenizer.js';

export type TemplateName = Policy['tokenize']['template'];

/** A stretch of a sequence's text; what the model is to answer is a response. */
export interface Segment {
  readonly text: string;
  readonly response: boolean;
}

export type SegmentProblem = 'no-response' | 'special-token' | 'template-refused';

export type Segmented =
  { readonly segments: readonly Segment[] } | { readonly problem: SegmentProblem };

/** Turns conversations into the text that a model reads. */
export interface Formatter {
  /** Ids before the text: the BOS token where the model wants one and the text has none. */
  readonly leadingIds: readonly number[];
  segment(record: TrainingRecord): Segmented;
  /** The text up to where the model's answer begins. */
  prompt(messages: readonly Message[]): string;
}

function alpacaPrompt(messages: readonly Message[]): string {
  const join = (role: Message['role']): string =>
    messages
      .filter((message) => message.role === role)
      .map(({ content }) => content)
      .join('\n\n');
  const system = join('system');
  const preface = system === '' ? '' : `${system}\n\n`;
  return `${preface}### Instruction:\n${join('user')}\n\n### Response:\n`;
}

/** One block for each answer; messages after the last answer are left out. */
function alpacaSegments(messages: readonly Message[], eosToken: string): Segment[] {
  const segments: Segment[] = [];
  let open: Message[] = [];
  for (const message of messages) {
    if (message.role !== 'assistant') {
      open.push(message);
      continue;
    }
    segments.push({ text: alpacaPrompt(open), response: false });
    segments.push({ text: `${message.content}${eosToken}`, response: true });
    open = [];
  }
  return segments;
}

function alpacaFormatter(tokenizer: TextTokenizer): Formatter {
  const eosToken = tokenizer.namedTokens['eos_token'];
  if (eosToken === undefined || tokenizer.eosId === undefined) {
    throw new TokenizeError('TOKENIZER_INVALID', 'tokenizer_config.json names no eos_token');
  }
  const { bosId, addsBos } = tokenizer;
  return {
    leadingIds: addsBos && bosId !== undefined ? [bosId] : [],
    segment: ({ messages }) => ({ segments: alpacaSegments(messages, eosToken) }),
    prompt: alpacaPrompt,
  };
}

/** White space that a template puts after the end-of-turn token is not the model's to say. */
function splitAfterSpecial(text: string, specialTokens: readonly string[]): Segment[] {
  const said = text.trimEnd();
  if (said === text || !specialTokens.some((token) => said.endsWith(token))) {
    return [{ text, response: true }];
  }
  return [
    { text: said, response: true },
    { text: text.slice(said.length), response: false },
  ];
}

/**
 * Segments of a rendered conversation: what `add_generation_prompt` renders before an answer is
 * prompt, what the answer adds to it is response.
 */
function chatSegments(
  messages: readonly Message[],
  template: ChatTemplate,
  specialTokens: readonly string[],
): Segmented {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const whole = template.render(messages.slice(0, last + 1), false);
  const segments: Segment[] = [];
  let at = 0;
  for (let index = 0; index <= last; index++) {
    if (messages[index]?.role !== 'assistant') continue;
    const before = template.render(messages.slice(0, index), true);
    const after = template.render(messages.slice(0, index + 1), false);
    const stable = before.length >= at && whole.startsWith(after) && after.startsWith(before);
    // A template that rewrites earlier turns cannot tell whose words are whose.
    if (!stable) return { problem: 'template-refused' };
    segments.push({ text: whole.slice(at, before.length), response: false });
    segments.push(...splitAfterSpecial(after.slice(before.length), specialTokens));
    at = after.length;
  }
  return { segments };
}

function chatFormatter(tokenizer: TextTokenizer): Formatter {
  if (tokenizer.chatTemplate === undefined) {
    throw new TokenizeError(
      'TEMPLATE_INVALID',
      'the base model has no chat template; set /tokenize/template to "alpaca"',
    );
  }
  const template = compileChatTemplate(tokenizer.chatTemplate, tokenizer.namedTokens);
  return {
    // The template writes the BOS token where the model wants one.
    leadingIds: [],
    segment: ({ messages }) => {
      try {
        return chatSegments(messages, template, tokenizer.specialTokens);
      } catch (error) {
        if (error instanceof TemplateRefusal) return { problem: 'template-refused' };
        throw error;
      }
    },
    prompt: (messages) => template.render(messages, true),
  };
}

/**
 * The formatter of a template. A record whose own text spells a special token is a problem: it
 * would close its turn early, or speak as somebody else.
 * @throws TokenizeError TOKENIZER_INVALID without an EOS token, TEMPLATE_INVALID without a template
 */
export function createFormatter(name: TemplateName, tokenizer: TextTokenizer): Formatter {
  const formatter = name === 'alpaca' ? alpacaFormatter(tokenizer) : chatFormatter(tokenizer);
  const spellsSpecial = ({ content }: Message): boolean =>
    tokenizer.specialTokens.some((token) => content.includes(token));
  return {
    ...formatter,
    segment: (record) => {
      if (record.messages.every(({ role }) => role !== 'assistant')) {
        return { problem: 'no-response' };
      }
      if (record.messages.some(spellsSpecial)) return { problem: 'special-token' };
      return formatter.segment(record);
    },
  };
}
