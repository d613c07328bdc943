// Writes samples/data from domain/sample; `npm run build` comes first. With `--corpus FILE` it
// writes the pretraining text of models/tiny there instead, one JSON string a line.
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const { values } = parseArgs({
  options: {
    dist: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
    corpus: { type: 'string' },
    documents: { type: 'string', default: '30000' },
  },
});
const { buildSampleFiles, corpusDocuments, SAMPLE_SEED } = await import(
  `${values.dist}/domain/sample/index.js`
);

async function writeCorpus(path, documents) {
  const out = createWriteStream(path);
  for (const text of corpusDocuments({ seed: SAMPLE_SEED, documents })) {
    if (!out.write(`${JSON.stringify(text)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function writeSample(folder) {
  await mkdir(folder, { recursive: true });
  for (const { name, text } of buildSampleFiles()) await writeFile(`${folder}/${name}`, text);
}

if (values.corpus !== undefined) await writeCorpus(values.corpus, Number(values.documents));
else await writeSample(fileURLToPath(new URL('../samples/data', import.meta.url)));
