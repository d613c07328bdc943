import { InvalidArgumentError, type Command } from 'commander';
import type { Sampling } from './inference.js';

export interface SamplingOptions {
  readonly topP: number;
  readonly topK: number;
  readonly temperature: number;
  readonly repetitionPenalty: number;
  readonly maxNewTokens: number;
  readonly stop: readonly string[];
  readonly seed: number;
}

function within(least: number, most: number, whole = false): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    const kind = whole ? 'a whole number' : 'a number';
    throw new InvalidArgumentError(`give ${kind} from ${String(least)} to ${String(most)}.`);
  };
}

function another(text: string, before: readonly string[]): readonly string[] {
  if (text === '') throw new InvalidArgumentError('give a text of one character or more.');
  return [...before, text];
}

/** How an answer is drawn; the same for every command that lets a model speak. */
export function addSamplingOptions(command: Command): Command {
  return command
    .option('--top-p <p>', 'sample from the likeliest tokens of this share', within(0, 1), 0.9)
    .option('--top-k <n>', 'sample from so many; 0 takes all', within(0, 1_000_000, true), 0)
    .option('--temperature <t>', '0 takes the likeliest token', within(0, 10), 0.7)
    .option('--repetition-penalty <x>', 'above 1 repeats less', within(0.1, 10), 1)
    .option('--max-new-tokens <n>', 'at most so many tokens', within(1, 4096, true), 200)
    .option('--stop <text>', 'end before this text; may be given again', another, [])
    .option('--seed <n>', 'equal seeds give equal answers', within(0, 0xff_ff_ff_ff, true), 42);
}

export function samplingOf(options: SamplingOptions): Sampling {
  const { topP, topK, temperature, repetitionPenalty, maxNewTokens, stop, seed } = options;
  return { topP, topK, temperature, repetitionPenalty, maxNewTokens, stop, seed };
}
