// Beside other tools: structured identifiers by type; with a corpus the names as well (typed F1, leak,
// review curve, calibration, speed). Or the sample, the marked documents, or texts around Faker's data.
// Usage: npm run bench redaction [-- --corpus DIR] [--out DIR] | -- --sample DIR [--profile P] [--show]
//   | -- --documents | --faker [--out DIR] [--show --profile P]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Profile } from '../domain/redact/index.js';
import { openTagger } from '../infra/redaction/index.js';
import {
  documentTable,
  judgeDocuments,
  showDocumentErrors,
  writtenDocuments,
} from './documents/judge-documents.js';
import { fakerTexts } from './faker/faker-texts.js';
import { identifierTable, judgeIdentifiers } from './identifiers/judge.js';
import { measuredOn } from './measured-on.js';
import { compromise, engineOf, redactPii, type Engine } from './redaction-engines.js';
import { calibration, readGold, reviewCurves, scoreCorpus, type Place } from './redaction-score.js';
import { curvesSvg, reliabilitySvg } from './redaction-svg.js';
import { judgeSample } from './sample-truth.js';

const CORPORA = ['uner_dev', 'wnut_dev', 'gum_dev'] as const;
const PROFILES = ['fast', 'thorough'] as const;
/** 0.5 is the most probable reading; 0.35 is what the default policy takes. */
const SCORES = [0.5, 0.35] as const;
const RUNS = 3;

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    sample: { type: 'string' },
    documents: { type: 'boolean', default: false },
    faker: { type: 'boolean', default: false },
    out: { type: 'string', default: 'bench/results' },
    profile: { type: 'string', default: 'fast' },
    show: { type: 'boolean', default: false },
  },
});

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value;

async function findAll(engine: Engine, texts: readonly string[]): Promise<(readonly Place[])[]> {
  const found: (readonly Place[])[] = [];
  for (const text of texts) found.push(await engine.find(text));
  return found;
}

/** Megabytes of text a CPU-second, the median of runs that alternate with the others'. */
async function speeds(
  engines: readonly (() => Promise<Engine>)[],
  texts: readonly string[],
): Promise<Record<string, number>> {
  const bytes = texts.reduce((total, text) => total + Buffer.byteLength(text), 0);
  const rates = new Map<string, number[]>();
  for (let run = 0; run < RUNS; run += 1) {
    for (const open of engines) {
      const engine = await open();
      const before = process.cpuUsage();
      await findAll(engine, texts);
      const { user, system } = process.cpuUsage(before);
      rates.set(engine.name, [...(rates.get(engine.name) ?? []), bytes / (user + system)]);
    }
  }
  const median = (all: readonly number[]): number =>
    [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  return Object.fromEntries([...rates].map(([name, all]) => [name, median(all)]));
}

async function judgeCorpora(folder: string) {
  const engines: Engine[] = [compromise];
  const pii = redactPii(resolve('.cache', 'bench', 'redact-pii'));
  if (pii !== undefined) engines.push(pii);
  for (const profile of PROFILES)
    for (const score of SCORES) engines.push(await engineOf(profile, score));
  const scores: Record<string, Record<string, ReturnType<typeof scoreCorpus>>> = {};
  const curves: Record<string, ReturnType<typeof reviewCurves>> = {};
  const calibrated: Record<string, ReturnType<typeof calibration>> = {};
  for (const corpus of CORPORA) {
    const gold = readGold(join(folder, `${corpus}.jsonl`));
    const texts = gold.map(({ text }) => text);
    const found = new Map<string, (readonly Place[])[]>();
    for (const engine of engines) {
      found.set(engine.name, await findAll(engine, texts));
      (scores[engine.name] ??= {})[corpus] = scoreCorpus(gold, found.get(engine.name) ?? []);
    }
    for (const profile of PROFILES) {
      const tagged = (await (await openTagger(profile))?.tag(texts)) ?? [];
      calibrated[`${profile} ${corpus}`] = calibration(gold, tagged);
      const places = found.get(`${profile} from ${String(SCORES[1])}`) ?? [];
      curves[`${profile} ${corpus}`] = reviewCurves(gold, places, tagged);
    }
  }
  const texts = readGold(join(folder, `${CORPORA[0]}.jsonl`)).map(({ text }) => text);
  const opened = [
    () => Promise.resolve(compromise),
    ...PROFILES.map((profile) => () => engineOf(profile, SCORES[1])),
  ];
  const megabytesPerCpuSecond = await speeds(opened, texts);
  return { scores, curves, calibration: calibrated, megabytesPerCpuSecond };
}

function store(name: string, figures: object): void {
  mkdirSync(values.out, { recursive: true });
  const text = JSON.stringify({ ...measuredOn(), ...figures }, rounded, 1);
  writeFileSync(join(values.out, name), `${text}\n`);
}

const print = (kind: string, type: string, value: string, around: string): void => {
  console.error(kind, type, JSON.stringify(value), JSON.stringify(around));
};

const source = values.faker ? fakerTexts : values.documents ? writtenDocuments : undefined;
if (source !== undefined && values.show) {
  await showDocumentErrors(source, values.profile as Profile, print);
} else if (source !== undefined) {
  const figures = await judgeDocuments(source);
  store(values.faker ? 'redaction-faker.json' : 'redaction-documents.json', figures);
  console.log(documentTable(figures));
} else if (values.sample === undefined) {
  const identifiers = await judgeIdentifiers();
  store('redaction-identifiers.json', identifiers);
  console.log(identifierTable(identifiers));
  if (values.corpus === undefined) {
    console.error(
      'names are left out: give --corpus DIR with uner_dev.jsonl, wnut_dev.jsonl and gum_dev.jsonl (Universal NER English-EWT, WNUT 2017, GUM; models/redactor/README.md names their sources)',
    );
  } else {
    const figures = await judgeCorpora(values.corpus);
    store('redaction.json', figures);
    writeFileSync(join(values.out, 'redaction-review.svg'), curvesSvg(figures.curves));
    writeFileSync(
      join(values.out, 'redaction-reliability.svg'),
      reliabilitySvg(figures.calibration),
    );
    for (const [name, corpora] of Object.entries(figures.scores)) {
      const cells = Object.values(corpora).map(
        ({ f1, leak }) => `${f1.toFixed(3)} / ${leak.toFixed(3)}`,
      );
      console.log([name.padEnd(20), ...cells].join('  '));
    }
    console.log(JSON.stringify(figures.megabytesPerCpuSecond, rounded));
  }
} else {
  const options = { profile: values.profile as Profile, minScore: 0.35, reviewBelow: 0.6 };
  const began = performance.now();
  const figures = await judgeSample(values.sample, options, values.show ? print : undefined);
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ ...figures, seconds }, rounded, 1));
}
