// Proves that a committed model runs in the engine (built: npm run build), and measures it there:
//   node models/redactor/check-node.mjs models/redactor/thorough --data DIR [--json out.json]
// Checks: subwords equal @huggingface/tokenizers' on every dev text; span offsets are UTF-16 units; F1 and leak of
// names; then speed on one thread (CPU time, tokenization included).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Tokenizer } from '@huggingface/tokenizers';
import { openClassifier } from '../../dist/infra/redaction/onnx-classifier.js';
import { createNameTagger, createRedactor } from '../../dist/domain/redact/index.js';
import { WordReader } from '../../dist/domain/redact/tagger/word-reader.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, json: { type: 'string' } },
});
const folder = positionals[0];
const classifier = await openClassifier(folder);
const tagger = createNameTagger(classifier);
const wordpiece = new WordReader(classifier.subwords);
const LABELS = { PERSON: 'PER', LOCATION: 'LOC', ORGANIZATION: 'ORG' };

/** Names alone, as the engine finds them in texts of one record each. */
async function find(texts, minScore) {
  const redactor = createRedactor({
    entities: Object.keys(LABELS),
    minScore,
    profile: 'thorough',
    tagger,
  });
  const found = await Promise.all(texts.map(redactor.find));
  return found.map((spans) => spans.map((s) => ({ ...s, type: LABELS[s.type] })));
}

/** Index in UTF-16 units of each code point. */
function unitOffsets(text) {
  const out = [];
  let at = 0;
  for (const c of text) {
    out.push(at);
    at += c.length;
  }
  out.push(at);
  return out;
}

function readCorpus(name) {
  const lines = readFileSync(join(values.data, `${name}_dev.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const { text, spans } = JSON.parse(line);
    const units = unitOffsets(text);
    return {
      text,
      gold: spans.map((s) => ({ start: units[s.start], end: units[s.end], type: s.label })),
    };
  });
}

function score(rows) {
  const total = { hit: 0, predicted: 0, gold: 0, leaked: 0, chars: 0 };
  for (const { text, gold, spans } of rows) {
    const key = (s) => `${s.start} ${s.end} ${s.type}`;
    const wanted = new Set(gold.map(key));
    const got = new Set(spans.map(key));
    const hidden = new Uint8Array(text.length);
    for (const s of spans) hidden.fill(1, s.start, s.end);
    total.hit += [...got].filter((k) => wanted.has(k)).length;
    total.predicted += got.size;
    total.gold += wanted.size;
    for (const s of gold) {
      for (let i = s.start; i < s.end; i += 1) {
        if (!/[\p{L}\p{N}]/u.test(text[i])) continue;
        total.chars += 1;
        if (hidden[i] === 0) total.leaked += 1;
      }
    }
  }
  const f1 = (2 * total.hit) / (total.predicted + total.gold);
  return {
    precision: total.hit / total.predicted,
    recall: total.hit / total.gold,
    f1,
    leak: total.leaked / total.chars,
  };
}

function checkSubwords(texts) {
  const reference = new Tokenizer(
    JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')),
    {},
  );
  let different = 0;
  for (const text of texts) {
    const mine = wordpiece.words(text).flatMap((w) => w.ids);
    const { ids } = reference.encode(text, { add_special_tokens: false });
    if (mine.length !== ids.length || mine.some((id, i) => id !== Number(ids[i]))) different += 1;
  }
  return { texts: texts.length, different };
}

async function checkOffsets() {
  const text = 'Ticket 🙂🙂 for José Álvarez\u0301 and “Angela Merkel’s” office in Berlin, 𝒳 Corp.';
  const [spans] = await find([text], 0.5);
  return spans.map((s) => `${text.slice(s.start, s.end)}/${s.type}`);
}

const corpora = Object.fromEntries(['uner', 'wnut', 'gum'].map((name) => [name, readCorpus(name)]));
const result = {
  model: folder,
  subwords: checkSubwords(
    Object.values(corpora)
      .flat()
      .map((d) => d.text),
  ),
  offsets: await checkOffsets(),
  scores: {},
};
for (const [name, rows] of Object.entries(corpora)) {
  for (const minScore of [0.5, 0.35]) {
    const spans = await find(
      rows.map((r) => r.text),
      minScore,
    );
    result.scores[`${name} from ${minScore}`] = score(
      rows.map((r, i) => ({ ...r, spans: spans[i] })),
    );
  }
}
const texts = corpora.uner.map((r) => r.text);
const bytes = texts.reduce((n, t) => n + Buffer.byteLength(t), 0);
const runs = [];
for (let i = 0; i < 5; i += 1) {
  const cpu = process.cpuUsage();
  const from = performance.now();
  // A new tagger remembers no window.
  const words = await createNameTagger(classifier).tag(texts);
  const spent = process.cpuUsage(cpu);
  const cpuSeconds = (spent.user + spent.system) / 1e6;
  runs.push({
    wordsPerCpuSecond: words.flat().length / cpuSeconds,
    megabytesPerCpuSecond: bytes / 1e6 / cpuSeconds,
    megabytesPerWallSecond: bytes / 1e3 / (performance.now() - from),
  });
}
runs.sort((a, b) => a.megabytesPerCpuSecond - b.megabytesPerCpuSecond);
result.speed = { bytes, median: runs[2], best: runs[4] };
const cpu = process.cpuUsage();
for (const t of texts) wordpiece.words(t);
const spent = process.cpuUsage(cpu);
result.speed.tokenizerMegabytesPerCpuSecond = bytes / (spent.user + spent.system);
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 1)}\n`);
if (result.subwords.different > 0) process.exitCode = 1;
