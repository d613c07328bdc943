import type { ArtifactRef } from '../../schemas/index.js';
import type { Digest } from './digest.js';

/** What a stored document refers to. */
export interface References {
  /** Every digest that stands in it, whatever it is one of: a reference is never overlooked. */
  readonly digests: ReadonlySet<Digest>;
  /** Those that say that an artifact with this digest exists. */
  readonly refs: readonly ArtifactRef[];
  /** Runs that it names as `runId`. */
  readonly runIds: ReadonlySet<string>;
}

/**
 * Media types whose artifacts refer to no other: records, tokens, tensors. Anything else is read
 * for references, so that a new kind of artifact is followed until it is named here.
 */
const LEAVES: ReadonlySet<string> = new Set(
  [
    ...['records+jsonl', 'subject-index+jsonl', 'quarantine+jsonl', 'quarantine-rows'],
    ...['spans+jsonl', 'vault+jsonl', 'tokens', 'sketches', 'secret', 'minimize-map+jsonl'],
    ...['decisions+jsonl', 'dataset-secrets+json', 'canaries+json'],
  ]
    .map((name) => `application/vnd.custos.${name}`)
    .concat('application/vnd.safetensors', 'application/octet-stream', 'text/plain'),
);

/** Whether artifacts of a media type may refer to others. */
export function mayRefer(mediaType: string): boolean {
  return !LEAVES.has(mediaType);
}

const HEX = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/** Every digest in a text, with and without `sha256:` before it. */
export function digestsInText(text: string): ReadonlySet<Digest> {
  return new Set([...text.matchAll(HEX)].map(([hex]) => `sha256:${hex}`));
}

type Members = Readonly<Record<string, unknown>>;

const isRef = ({ digest, class: kind, mediaType, sizeBytes }: Members): boolean =>
  typeof digest === 'string' &&
  typeof kind === 'string' &&
  typeof mediaType === 'string' &&
  typeof sizeBytes === 'number';

interface Found {
  readonly digests: Set<Digest>;
  readonly refs: ArtifactRef[];
  readonly runIds: Set<string>;
}

function walk(value: unknown, found: Found): void {
  if (typeof value !== 'object' || value === null) return;
  const members = value as Members;
  if (isRef(members)) found.refs.push(value as ArtifactRef);
  // A signed envelope holds what it signs as base64 (DSSE).
  const { payload, payloadType, runId } = members;
  if (typeof runId === 'string') found.runIds.add(runId);
  if (typeof payload === 'string' && typeof payloadType === 'string') {
    readInto(Buffer.from(payload, 'base64').toString('utf8'), found);
  }
  for (const member of Object.values(members)) walk(member, found);
}

function readInto(text: string, found: Found): void {
  for (const digest of digestsInText(text)) found.digests.add(digest);
  const value = parsed(text);
  if (value !== undefined) walk(value, found);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * What a document refers to. One that is not JSON is searched as text: to find too much keeps an
 * object longer, to find too little would lose it.
 */
export function referencesIn(bytes: Uint8Array): References {
  const found: Found = { digests: new Set(), refs: [], runIds: new Set() };
  readInto(Buffer.from(bytes).toString('utf8'), found);
  return found;
}
