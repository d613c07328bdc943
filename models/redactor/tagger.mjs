// Runs a name model in onnxruntime-node: text -> words with logits -> spans in UTF-16 offsets.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { bestLabels, encode, spansOf, windows, WordPiece } from './text.mjs';

const LABEL_COUNT = 7;

/** A zeroed (rows, width) int64 tensor and a writer of small non-negative values into its low words. */
function intTensor(rows, width) {
  const data = new BigInt64Array(rows * width);
  return { tensor: new ort.Tensor('int64', data, [rows, width]), low: new Int32Array(data.buffer) };
}

export async function loadTagger(folder, { threads = 1 } = {}) {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  const wordpiece = new WordPiece(readFileSync(join(folder, config.vocabulary), 'utf8'));
  const session = await ort.InferenceSession.create(join(folder, config.model), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
  });
  return { config, wordpiece, session };
}

async function runBatch(session, batch) {
  const width = Math.max(...batch.map((b) => b.ids.length));
  const [ids, mask, cases] = [0, 1, 2].map(() => intTensor(batch.length, width));
  batch.forEach((b, row) => {
    for (let t = 0; t < b.ids.length; t += 1) {
      const at = 2 * (row * width + t);
      ids.low[at] = b.ids[t];
      mask.low[at] = 1;
      cases.low[at] = b.cases[t];
    }
  });
  const { logits } = await session.run({
    input_ids: ids.tensor,
    attention_mask: mask.tensor,
    token_type_ids: cases.tensor,
  });
  batch.forEach((b, row) => {
    b.firsts.forEach((t, k) => {
      const from = (row * width + t) * LABEL_COUNT;
      b.logits.set(logits.data.subarray(from, from + LABEL_COUNT), (b.from + k) * LABEL_COUNT);
    });
  });
}

/** Logits (words x 7) for each text; windows of all texts are batched by like length. */
export async function tag({ session, wordpiece }, texts, batchTokens = 1024) {
  const documents = texts.map((text) => {
    const words = wordpiece.words(text);
    return { text, words, logits: new Float32Array(words.length * LABEL_COUNT) };
  });
  const jobs = documents.flatMap(({ words, logits }) =>
    windows(words).map(([from, to]) => ({ ...encode(words, from, to), from, logits })),
  );
  jobs.sort((a, b) => a.ids.length - b.ids.length);
  let batch = [];
  for (const job of jobs) {
    if (batch.length > 0 && job.ids.length * (batch.length + 1) > batchTokens) {
      await runBatch(session, batch);
      batch = [];
    }
    batch.push(job);
  }
  if (batch.length > 0) await runBatch(session, batch);
  return { documents, subwords: jobs.reduce((n, job) => n + job.ids.length, 0) };
}

/** Spans of the best well-formed labels after `bias` was taken from the logit of O. */
export function decode({ words, logits }, bias = 0) {
  const rows = words.map((_, i) => {
    const row = Array.from(logits.subarray(i * LABEL_COUNT, (i + 1) * LABEL_COUNT));
    row[0] -= bias;
    return row;
  });
  return spansOf(words, bestLabels(words, rows));
}
