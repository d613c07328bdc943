export { type Message } from './chat-template.js';
export * from './errors.js';
export { isHeldOut } from './held-out.js';
export { mergeTokenReports } from './statistics.js';
export { decodeTokenShard, encodeTokenShard, type TokenSequence } from './token-shard.js';
export { encodePrompt, tokenizeShard, type TokenizeOptions } from './tokenize-shard.js';
export { loadTokenizer, type TextTokenizer } from './tokenizer.js';
