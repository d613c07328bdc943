import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { custos } from './cli.js';
import { CANARY, newFolder, writeFiles, type Files } from './error-inputs.js';
import { holds } from './leak-search.js';

/** One wrong input to the command line, and what it has to say about it. */
export interface ErrorCase {
  readonly name: string;
  /** Arguments of `custos`; `%` stands for the case's folder. */
  readonly args: readonly string[];
  readonly files?: Files;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly exit: number;
  /** Fragments of the message: what, where, what to do. */
  readonly says: readonly string[];
}

const folders: string[] = [];

/** A folder that lasts as long as the test file. */
export async function caseFolder(files: Files = {}): Promise<string> {
  const folder = await newFolder();
  folders.push(folder);
  await writeFiles(folder, files);
  return folder;
}

/** Runs the case and checks its message and exit status, and that no record is quoted. */
export async function checkError(testCase: ErrorCase, main?: string): Promise<void> {
  const folder = await caseFolder(testCase.files);
  const here = (text: string): string => text.replaceAll('%', folder);
  const { status, output } = await custos(testCase.args.map(here), {
    dataDir: join(folder, 'home'),
    ...(testCase.input === undefined ? {} : { input: testCase.input }),
    ...(testCase.env === undefined ? {} : { env: testCase.env }),
    ...(main === undefined ? {} : { main }),
  });
  for (const fragment of testCase.says.map(here)) expect(output).toContain(fragment);
  expect(status).toBe(testCase.exit);
  expect(holds(Buffer.from(output), CANARY)).toBe(false);
  // Ours or commander's, never Node's own report of an error that nobody caught.
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
