import * as jinja from '@huggingface/jinja';
import { TokenizeError } from './errors.js';

/** What is used of the library; its own declarations do not resolve under NodeNext. */
const { Environment, Interpreter, Template } = jinja as unknown as {
  readonly Environment: new () => { set(name: string, value: unknown): unknown };
  readonly Interpreter: new (environment: object) => {
    run(program: unknown): { readonly value: unknown };
  };
  readonly Template: new (source: string) => { readonly parsed: unknown };
};

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatTemplate {
  /** @throws TemplateRefusal when the template rejects the conversation, TokenizeError TEMPLATE_INVALID */
  render(messages: readonly Message[], addGenerationPrompt: boolean): string;
}

/** The template itself called raise_exception: it does not accept this shape of conversation. */
export class TemplateRefusal extends Error {
  constructor() {
    super('the chat template does not accept this conversation');
    this.name = 'TemplateRefusal';
  }
}

// The date that Llama's templates fall back to. The clock would make tokens differ by the day.
const FIXED_DATE = '26 Jul 2024';

function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const count = Math.max(0, Math.ceil((stop - start) / step));
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** The globals of Hugging Face's template environment, without its clock. */
function globals(): Record<string, unknown> {
  return {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    range,
    raise_exception: () => {
      throw new TemplateRefusal();
    },
    strftime_now: () => FIXED_DATE,
    tools: null,
    documents: null,
  };
}

function parse(source: string): unknown {
  try {
    return new Template(source).parsed;
  } catch (cause) {
    throw new TokenizeError('TEMPLATE_INVALID', 'the chat template does not parse', { cause });
  }
}

/**
 * Compiles a model's chat template (trim_blocks and lstrip_blocks, as transformers does).
 * @param namedTokens bos_token and the like, visible to the template
 */
export function compileChatTemplate(
  source: string,
  namedTokens: Readonly<Record<string, string>>,
): ChatTemplate {
  const program = parse(source);
  const render = (messages: readonly Message[], addGenerationPrompt: boolean): string => {
    const environment = new Environment();
    const plain = messages.map(({ role, content }) => ({ role, content }));
    const names = { ...globals(), ...namedTokens, messages: plain };
    for (const [name, value] of Object.entries(names)) environment.set(name, value);
    environment.set('add_generation_prompt', addGenerationPrompt);
    try {
      const result = new Interpreter(environment).run(program);
      return String(result.value);
    } catch (cause) {
      if (cause instanceof TemplateRefusal) throw cause;
      // The interpreter's own message may quote the conversation, so it is not carried on.
      throw new TokenizeError('TEMPLATE_INVALID', 'the chat template fails on a conversation');
    }
  };
  return { render };
}
