import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { TokenizeError } from './errors.js';
import { encodeByPieces, encodesByPieces } from './piece-encoder.js';
import { unsupportedParts } from './unsupported.js';

/** What is used of the library; its own declarations do not resolve under NodeNext. */
interface Tokenizer {
  encode(text: string, options?: { add_special_tokens: boolean }): { readonly ids: number[] };
  decode(
    ids: readonly number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string;
  token_to_id(token: string): number | undefined;
  get_added_tokens_decoder(): Map<number, { readonly content: string; readonly special: boolean }>;
  get_vocab(withAddedTokens: boolean): Map<string, number>;
}
const Tokenizer = LibraryTokenizer as unknown as new (
  tokenizer: object,
  config: object,
) => Tokenizer;

/** The parsed files of a base model's directory. */
export interface TokenizerFiles {
  /** tokenizer.json */
  readonly tokenizer: unknown;
  /** tokenizer_config.json */
  readonly config: unknown;
  /** chat_template.jinja, which goes before the configuration's template. */
  readonly chatTemplate?: string;
}

export interface TextTokenizer {
  /** Ids of the text alone: special tokens in it are recognized, none is added. */
  encode(text: string): number[];
  /** The text of the ids, special tokens included. */
  decode(ids: readonly number[]): string;
  /** One more than the largest id. */
  readonly vocabularySize: number;
  readonly specialIds: ReadonlySet<number>;
  /** Literals that encode to a special token. */
  readonly specialTokens: readonly string[];
  /** Named tokens of the configuration: bos_token, eos_token, pad_token, unk_token. */
  readonly namedTokens: Readonly<Record<string, string>>;
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
  /** Whether the model's post-processor starts a text with the BOS token. */
  readonly addsBos: boolean;
  readonly chatTemplate: string | undefined;
}

const NAMED = ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function namedTokensOf(config: Record<string, unknown>): Record<string, string> {
  const named: Record<string, string> = {};
  for (const name of NAMED) {
    const value = config[name];
    const content = isObject(value) ? value['content'] : value;
    if (typeof content === 'string') named[name] = content;
  }
  return named;
}

/** The configuration's template: a string, or the one named "default" of a list. */
function configuredTemplate(config: Record<string, unknown>): string | undefined {
  const template = config['chat_template'];
  if (typeof template === 'string') return template;
  if (!Array.isArray(template)) return undefined;
  const entries: readonly unknown[] = template;
  const chosen = entries.filter(isObject).find((entry) => entry['name'] === 'default');
  return typeof chosen?.['template'] === 'string' ? chosen['template'] : undefined;
}

function construct(tokenizer: object, config: object): Tokenizer {
  try {
    return new Tokenizer(tokenizer, config);
  } catch (cause) {
    throw new TokenizeError(
      'TOKENIZER_INVALID',
      'tokenizer.json cannot be loaded; restore the file, or use a base model with another tokenizer',
      { cause },
    );
  }
}

/**
 * Loads a Hugging Face tokenizer.
 * @throws TokenizeError TOKENIZER_INVALID when the files are none, TOKENIZER_UNSUPPORTED when they
 * use a part that would be computed differently here than in Hugging Face's library
 */
export function loadTokenizer(files: TokenizerFiles): TextTokenizer {
  const { tokenizer, config } = files;
  if (!isObject(tokenizer) || !isObject(tokenizer['model']) || !isObject(config)) {
    throw new TokenizeError(
      'TOKENIZER_INVALID',
      'tokenizer.json has no model, or tokenizer_config.json is no object; restore the files',
    );
  }
  const [unsupported] = unsupportedParts(tokenizer);
  if (unsupported !== undefined) {
    throw new TokenizeError(
      'TOKENIZER_UNSUPPORTED',
      `tokenizer.json: ${unsupported}; use a base model whose tokenizer has none of it`,
    );
  }
  const inner = construct(tokenizer, config);
  const namedTokens = namedTokensOf(config);
  const idOf = (name: string): number | undefined => {
    const token = namedTokens[name];
    return token === undefined ? undefined : inner.token_to_id(token);
  };
  const added = [...inner.get_added_tokens_decoder()];
  const special = added.filter(([, token]) => token.special);
  const bosId = idOf('bos_token');
  const whole = (text: string): number[] => inner.encode(text, { add_special_tokens: false }).ids;
  return {
    encode: encodesByPieces(tokenizer, config) ? encodeByPieces(whole) : whole,
    // The library refuses an empty list, which a model that ends at once gives.
    decode: (ids) =>
      ids.length === 0
        ? ''
        : inner.decode([...ids], {
            skip_special_tokens: false,
            clean_up_tokenization_spaces: false,
          }),
    vocabularySize: 1 + maximum(inner.get_vocab(true).values()),
    specialIds: new Set(special.map(([id]) => id)),
    specialTokens: special.map(([, token]) => token.content),
    namedTokens,
    bosId,
    eosId: idOf('eos_token'),
    addsBos: bosId !== undefined && inner.encode('a').ids[0] === bosId,
    chatTemplate: files.chatTemplate ?? configuredTemplate(config),
  };
}

function maximum(values: Iterable<number>): number {
  let most = -1;
  for (const value of values) most = Math.max(most, value);
  return most;
}
