// @huggingface/tokenizers 0.2 says of these that it does not reproduce the Rust library.
const UNREPRODUCED_SPLITS = new Set(['MergedWithPrevious', 'MergedWithNext', 'Contiguous']);

/** Parts of a tokenizer.json that would tokenize differently here; empty when there are none. */
export function unsupportedParts(tokenizer: Readonly<Record<string, unknown>>): string[] {
  const found: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (Array.isArray(node)) {
      node.forEach((item, index) => {
        visit(item, `${path}/${String(index)}`);
      });
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const part = node as Record<string, unknown>;
    if (UNREPRODUCED_SPLITS.has(String(part['behavior']))) {
      found.push(`split behavior ${String(part['behavior'])} at ${path} is not supported`);
    }
    if (typeof part['Regex'] === 'string' && part['Regex'].includes('\\G')) {
      found.push(`a pattern with \\G at ${path} is not supported`);
    }
    for (const [key, value] of Object.entries(part)) visit(value, `${path}/${key}`);
  };
  visit(tokenizer['normalizer'], '/normalizer');
  visit(tokenizer['pre_tokenizer'], '/pre_tokenizer');
  return found;
}
