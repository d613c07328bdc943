/** Encodes a text without adding special tokens. */
export type Encode = (text: string) => readonly number[];

/** Pieces of other lengths rarely come again. */
const LONGEST_KEPT = 32;
/** Some ten megabytes; a text of new words alone starts it anew. */
const MOST_KEPT = 65_536;

// Of these patterns none matches on from another character into a space, and none looks back.
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
const clipped = (numbers: string): string =>
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|${numbers}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
/** GPT-2's, Llama 3's, Qwen 2's and 3's. */
const PATTERNS: ReadonlySet<unknown> = new Set([
  GPT2,
  clipped(String.raw`\p{N}{1,3}`),
  clipped(String.raw`\p{N}`),
]);

type Part = Readonly<Record<string, unknown>>;

const partOf = (value: unknown): Part =>
  typeof value === 'object' && value !== null ? (value as Part) : {};
const listOf = (value: unknown): readonly Part[] => (Array.isArray(value) ? value.map(partOf) : []);

/** Whether a pre-tokenizer always cuts between another character and the space behind it. */
function cutsBeforeSpaces(part: Part): boolean {
  const { type } = part;
  if (type === 'ByteLevel') return part['add_prefix_space'] !== true && part['use_regex'] !== false;
  return (
    type === 'Split' && part['invert'] !== true && PATTERNS.has(partOf(part['pattern'])['Regex'])
  );
}

/** Whether it cuts elsewhere, or nowhere, but puts nothing in. */
const keepsCuts = (part: Part): boolean =>
  part['type'] === 'Digits' || (part['type'] === 'ByteLevel' && part['add_prefix_space'] !== true);

function preTokenizerCuts(part: Part): boolean {
  const parts = part['type'] === 'Sequence' ? listOf(part['pretokenizers']) : [part];
  return (
    parts.some(cutsBeforeSpaces) && parts.every((each) => cutsBeforeSpaces(each) || keepsCuts(each))
  );
}

const isPlain = (token: Part): boolean =>
  token['lstrip'] !== true &&
  token['rstrip'] !== true &&
  token['single_word'] !== true &&
  !String(token['content']).includes(' ');

/**
 * Whether the ids of a text are those of its pieces, cut before every space that follows another
 * character, in a row. True of byte-level BPE as Llama 3, Qwen, SmolLM and GPT-2 have it.
 * @param tokenizer tokenizer.json
 * @param config tokenizer_config.json
 */
export function encodesByPieces(tokenizer: Part, config: Part): boolean {
  const normalizer = partOf(tokenizer['normalizer'])['type'];
  const model = partOf(tokenizer['model']);
  return (
    model['type'] === 'BPE' &&
    // Fused over the spaces of a whole text.
    model['fuse_unk'] !== true &&
    // A space joins no character before it in NFC either.
    (normalizer === undefined || normalizer === 'NFC') &&
    preTokenizerCuts(partOf(tokenizer['pre_tokenizer'])) &&
    listOf(tokenizer['added_tokens']).every(isPlain) &&
    !config['remove_space'] &&
    !config['do_lowercase_and_remove_accent']
  );
}

/** A slice keeps the text that it was cut from; a copy of its units does not. */
const copyOf = (piece: string): string => Buffer.from(piece, 'utf16le').toString('utf16le');

/** The same ids, faster: words come again, and the ids of those seen last are kept. */
export function encodeByPieces(encode: Encode): (text: string) => number[] {
  const kept = new Map<string, readonly number[]>();
  const idsOf = (piece: string): readonly number[] => {
    const known = kept.get(piece);
    if (known !== undefined) return known;
    const ids = encode(piece);
    if (piece.length > LONGEST_KEPT) return ids;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(copyOf(piece), ids);
    return ids;
  };
  return (text) => {
    const ids: number[] = [];
    let [from, at] = [0, text.indexOf(' ', 1)];
    while (at !== -1) {
      if (text[at - 1]?.trim() !== '') {
        for (const id of idsOf(text.slice(from, at))) ids.push(id);
        from = at;
      }
      at = text.indexOf(' ', at + 1);
    }
    if (from < text.length) for (const id of idsOf(text.slice(from))) ids.push(id);
    return ids;
  };
}
