import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript, placesOf } from './completion.js';
import { createProgram } from './program.js';

const program = await createProgram();

/** What bash offers after the words, the last of them being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${completionScript('bash', program)}
COMP_WORDS=(custos ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${String(words.length)}
_custos
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  it('offers commands, those of a command, and options', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['run', 'policy', 'review', '--data-dir']));
    expect(offered('po')).toEqual(['policy']);
    expect(offered('policy', '')).toEqual(expect.arrayContaining(['list', 'show', 'lint', 'diff']));
    expect(offered('policy', '')).not.toContain('run');
    expect(offered('policy', 'show', '--r')).toEqual(['--resolved']);
    expect(offered('--json', 'policy', 'di')).toEqual(['diff']);
    expect(offered('run', '--')).toEqual(expect.arrayContaining(['--watch', '--as', '--json']));
    expect(offered('run', 'policy', 'sh')).toEqual([]);
  });
});

describe('placesOf', () => {
  it('has a place for every command and a word for every option', () => {
    const paths = placesOf(program).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const child of program.commands) {
      const place = placesOf(program).find(({ path }) => path === `custos ${child.name()}`);
      const texts = (place?.words ?? []).map(({ text }) => text);
      for (const { long } of child.options) expect(texts).toContain(long);
      expect(texts).toContain('--json');
    }
  });
});

describe.each(['bash', 'zsh', 'fish'] as const)('the script for %s', (shell) => {
  const script = completionScript(shell, program);

  it('names every subcommand of policy', () => {
    for (const name of ['list', 'show', 'lint', 'diff']) expect(script).toContain(name);
    expect(script).toContain(shell === 'fish' ? "-l 'resolved'" : '--resolved');
  });

  it('is read by the shell where that is installed', () => {
    const flags = shell === 'bash' ? ['-n'] : ['--no-execute'];
    const read = spawnSync(shell, flags, { input: script, encoding: 'utf8' });
    const missing = read.error !== undefined && shell !== 'bash';
    expect(missing || read.status === 0 ? '' : read.stderr).toBe('');
  });
});
