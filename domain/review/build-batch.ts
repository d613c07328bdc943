import type {
  ReviewBatch,
  ReviewItem,
  ReviewOverlay,
  SpanReport,
  TrainingRecord,
} from '../../schemas/index.js';
import { drawWithoutReplacement, secretStream, type SecretStream } from '../leak/index.js';
import { digestJson, type Digest } from '../lineage/index.js';
import { ReviewError } from './errors.js';
import { locateSpans } from './locate-spans.js';
import { plantMiss } from './plant-miss.js';
import type { Selection } from './select-for-review.js';

/** A redacted record and what was removed from it. */
export interface Candidate {
  readonly record: TrainingRecord;
  readonly spans: readonly SpanReport[];
}

export interface BuiltBatch {
  readonly batch: ReviewBatch;
  /** Secret: class vault, for the gate and never for a reviewer. */
  readonly overlay: ReviewOverlay;
}

interface Entry {
  readonly item: ReviewItem;
  readonly hidden: ReviewOverlay['items'][number];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Digest of what a review of a record is about: its redacted messages. */
export function recordDigest(record: Pick<TrainingRecord, 'messages'>): Digest {
  return digestJson(record.messages);
}

function entryOf(
  { record, spans }: Candidate,
  reason: ReviewItem['reason'],
  stream: SecretStream,
): Entry {
  const located = locateSpans(spans);
  const id = hex(stream.nextBytes(8));
  const shown = record.messages.map(({ role, content }) => ({ role, content }));
  const sources = located.map(({ source }) => source);
  return {
    item: { id, recordId: record.id, reason, shown, spans: located.map((span) => span.shown) },
    hidden: { itemId: id, recordDigest: recordDigest(record), sources },
  };
}

function plantedEntry(candidate: Candidate, index: number, stream: SecretStream): Entry {
  const { item, hidden } = entryOf(candidate, 'sample', stream);
  const type = index % 2 === 0 ? 'PERSON' : 'PHONE_NUMBER';
  const { planted, shown, spans } = plantMiss(item, type, stream);
  return { item: { ...item, shown, spans }, hidden: { ...hidden, planted } };
}

/**
 * The batch for a selection: uncertain records first, most uncertain first, then sample and
 * planted copies in random order, told apart only by the overlay.
 * @param dataset root of the redacted dataset
 * @throws ReviewError BATCH_INVALID when a selected record is not among the candidates
 */
export function buildBatch(
  selection: Selection,
  candidates: Iterable<Candidate>,
  options: { readonly dataset: Digest; readonly secret: Uint8Array },
): BuiltBatch {
  const byId = new Map([...candidates].map((candidate) => [candidate.record.id, candidate]));
  const stream = secretStream(options.secret, 'review-batch');
  const candidateOf = (id: string): Candidate => {
    const candidate = byId.get(id);
    if (candidate !== undefined) return candidate;
    throw new ReviewError('BATCH_INVALID', `record ${id} is selected and not in the shards`);
  };
  const uncertain = selection.uncertain.map((id) => entryOf(candidateOf(id), 'uncertain', stream));
  const sample = selection.sample.map((id) => entryOf(candidateOf(id), 'sample', stream));
  const planted = selection.plantHosts.map((id, index) =>
    plantedEntry(candidateOf(id), index, stream),
  );
  const rest = [...sample, ...planted];
  const entries = [...uncertain, ...drawWithoutReplacement(stream, rest, rest.length)];
  const overlay: ReviewOverlay = {
    schema: 'custos.review-overlay.v1',
    salt: hex(stream.nextBytes(32)),
    items: entries.map(({ hidden }) => hidden),
  };
  const batch: ReviewBatch = {
    schema: 'custos.review-batch.v1',
    dataset: options.dataset,
    overlayDigest: digestJson(overlay),
    items: entries.map(({ item }) => item),
  };
  return { batch, overlay };
}

/** What a signature binds: the digest of the canonical batch, every shown byte in it. */
export function batchRoot(batch: ReviewBatch): Digest {
  return digestJson(batch);
}

/** Digest of exactly the contents shown, in their order. */
export function shownDigest(batch: ReviewBatch): Digest {
  return digestJson(batch.items.map(({ id, shown }) => ({ id, shown })));
}
