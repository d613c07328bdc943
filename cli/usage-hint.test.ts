import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from './program.js';

const program = await createProgram();

function leavesOf(command: Command, path = command.name()): [string, Command][] {
  if (command.commands.length === 0) return [[path, command]];
  return command.commands.flatMap((child) => leavesOf(child, `${path} ${child.name()}`));
}

/** What `--help` prints, with the texts before and after the options. */
function helpOf(command: Command): string {
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  command.configureOutput({ writeOut: write, writeErr: write }).outputHelp();
  return said;
}

/** Lines of a help text that are to be typed, without what is explained behind them. */
const typedLines = (help: string): string[] =>
  [...help.matchAll(/^ {2}(?:.*\| )?custos (.+)$/gm)].map(([, line = '']) =>
    (line.split(/ {3,}/)[0] ?? '').trim(),
  );

/** The command that a line names, and the options that it uses. */
function parse(line: string): { command: Command; options: string[] } {
  let command = program;
  for (const word of line.split(' ')) {
    const child = command.commands.find((one) => one.name() === word);
    if (child === undefined) break;
    command = child;
  }
  return { command, options: line.match(/(?<= )--[a-z-]+/g) ?? [] };
}

function knownOptions(command: Command | null): string[] {
  if (command === null) return [];
  const own = command.options.flatMap(({ long }) => long ?? []);
  return [...own, ...knownOptions(command.parent)];
}

const leaves = leavesOf(program);

describe('the help of a command', () => {
  it('is read of all of them', () => {
    expect(leaves.length).toBeGreaterThan(25);
  });

  it.each(leaves)('%s has an example of itself that its options take', (path, command) => {
    const lines = typedLines(helpOf(command));
    expect(lines.map((line) => `custos ${line}`).join('\n')).toContain(path);
    for (const line of lines) {
      const { command: named, options } = parse(line);
      expect(named.commands, line).toHaveLength(0);
      for (const option of options) expect(knownOptions(named), line).toContain(option);
    }
  });

  it.each(leaves)('%s is pointed to by its own errors', (path, command) => {
    let said = '';
    const write = (text: string): void => {
      said += text;
    };
    command.configureOutput({ writeErr: write }).exitOverride();
    expect(() => command.error('no')).toThrow();
    expect(said).toContain(`(${path} --help teaches it)`);
  });
});
