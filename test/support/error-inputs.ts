import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** In every record of these tests and nowhere else; no error may repeat it. */
export const CANARY = 'Zebulon Quartermaine';

/** A row that becomes a record. */
export function goodRow(index: number): Readonly<Record<string, string>> {
  return {
    id: `r${String(index)}`,
    question: `${CANARY} of desk ${String(index)} asks where parcel ${String(index * 7)} is.`,
    answer: `Parcel ${String(index * 7)} left depot ${String(index * 3)} on time, ${CANARY}.`,
  };
}

export const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('');

/** The text of a run file; every part can be replaced. */
export function runText(change: Readonly<Record<string, string>> = {}): string {
  const part = { ...DEFAULTS, ...change };
  return `schema: custos.run.v1
project: demo
name: errors
policy: ${part['policy'] ?? ''}
baseModel:
  path: ${part['model'] ?? ''}
  revision: ${part['revision'] ?? ''}
dataset:
  name: ${part['dataset'] ?? ''}
  sources:
    - name: tickets
      path: ${part['path'] ?? ''}
      format: ${part['format'] ?? ''}
      shape: instruction
      primaryKey: ${part['key'] ?? ''}
      fields:
        - { name: instruction, from: ${part['question'] ?? ''}, purpose: the request }
        - { name: output, from: ${part['answer'] ?? ''}, purpose: the answer }
${part['train'] ?? ''}adapter:
  name: errors
`;
}

const DEFAULTS: Readonly<Record<string, string>> = {
  policy: 'sample',
  model: 'model',
  revision: `sha256:${'0'.repeat(64)}`,
  dataset: 'errors',
  path: 'rows.jsonl',
  format: 'jsonl',
  key: '/id',
  question: '/question',
  answer: '/answer',
};

export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'custos-errors-'));
}
