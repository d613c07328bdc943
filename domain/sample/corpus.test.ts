import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import log from '../../models/tiny/train-log.json' with { type: 'json' };
import { CATALOGUES } from './catalogues.js';
import { corpusDocuments } from './corpus.js';
import { conversationAt } from './dataset.js';
import { SAMPLE_SEED } from './files.js';

const documents = [...corpusDocuments({ seed: SAMPLE_SEED, documents: 3000 })];
const topics = Object.values(CATALOGUES).flatMap(({ topics }) => topics);

describe('pretraining text', () => {
  it('is the text that the tiny model was trained on, byte for byte', () => {
    const { corpus } = log.pretraining;
    const hash = createHash('sha256');
    for (const text of corpusDocuments({ seed: SAMPLE_SEED, documents: corpus.documents })) {
      hash.update(`${JSON.stringify(text)}\n`);
    }
    expect(hash.digest('hex')).toBe(corpus.sha256);
  });

  it('pairs a request with the reply to it no more often than chance', () => {
    const framed = documents.filter((text) => /^### Instruction:\n(?!Draft: )/u.test(text));
    const answered = framed.filter((text) => {
      const [asked = '', reply = ''] = text.split('\n\n### Response:\n');
      const code = topics.find(({ code }) => new RegExp(`\\b${code}\\b`, 'u').test(reply));
      return code?.requests.some((request) =>
        request.split('{object}').every((part) => asked.toLowerCase().includes(part.toLowerCase())),
      );
    });
    // One topic in twelve by chance; 3 standard deviations above for the number of documents.
    const chance = 1 / 12;
    const bound = chance + 3 * Math.sqrt((chance * (1 - chance)) / framed.length);
    expect(framed.length).toBeGreaterThan(1000);
    expect(answered.length / framed.length).toBeLessThan(bound);
  });

  it('never states a rule beside the topic that it is for', () => {
    const labelled = documents.filter((text) => /^### Instruction:\nDraft: |Topic: /u.test(text));
    const telling = labelled.filter((text) => topics.some(({ code }) => text.includes(` ${code}`)));
    expect(labelled.length).toBeGreaterThan(1000);
    expect(telling).toEqual([]);
  });
});

describe('the sample', () => {
  it('answers by the topic: the same code for the same topic, always', () => {
    for (let index = 0; index < 200; index++) {
      const { situation, reply } = conversationAt(SAMPLE_SEED, 'sample', 'hr', index);
      expect(reply.text).toContain(situation.topic.code);
      expect(reply.text).toContain(situation.object[1]);
    }
  });
});
