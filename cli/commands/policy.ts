import type { Command } from 'commander';
import { stringify } from 'yaml';
import { diffPolicies, stepsToRunAgain } from '../../policies/index.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { listPacks, loadPack } from '../load-policy.js';
import { demandsOf, describeDifferences, describeGaps, locksOf } from '../policy-words.js';

async function list(_options: unknown, command: Command): Promise<void> {
  const packs = (await listPacks()).map(({ name, extends: parent, description }) => ({
    name,
    extends: parent ?? null,
    description: description ?? '',
  }));
  appOf(command).emit(packs, () =>
    table(packs.map((pack) => [pack.name, pack.extends ?? '-', pack.description])),
  );
}

async function show(
  nameOrPath: string,
  options: { readonly resolved?: boolean },
  command: Command,
): Promise<void> {
  const loaded = await loadPack(nameOrPath);
  const shown = options.resolved === true ? loaded.policy : loaded.chain[0]?.document;
  appOf(command).emit(shown, () => stringify(shown).trimEnd());
}

async function lint(nameOrPath: string, _options: unknown, command: Command): Promise<void> {
  const loaded = await loadPack(nameOrPath);
  const { name } = loaded.policy;
  const demands = demandsOf(loaded);
  appOf(command).emit({ ok: true, name, locked: locksOf(loaded), demands }, () => {
    const gaps = describeGaps(demands);
    const noted =
      gaps.length === 0 ? [] : ['what it answers to and does not meet in full:', ...gaps];
    return [`${name}: no problem found`, ...noted].join('\n');
  });
}

async function diff(
  left: string,
  right: string,
  _options: unknown,
  command: Command,
): Promise<void> {
  const [a, b] = [(await loadPack(left)).policy, (await loadPack(right)).policy];
  const differences = diffPolicies(a, b);
  const steps = stepsToRunAgain(a, b);
  appOf(command).emit({ left: a.name, right: b.name, differences, stepsToRunAgain: steps }, () =>
    describeDifferences([a.name, b.name], differences, steps),
  );
}

export const registerPolicy: RegisterCommand = (program) => {
  const policy = program.command('policy').description('Read, check and compare policies.');
  policy
    .command('list')
    .description('Name the packs that come with Custos.')
    .addHelpText('after', '\nExample:\n  custos policy list')
    .action(list);
  policy
    .command('show <policy>')
    .description('Print a pack as written: its own settings, locks and demands.')
    .option('--resolved', 'print the complete policy, as steps read it')
    .addHelpText('after', '\nExample:\n  custos policy show default --resolved')
    .action(show);
  policy
    .command('lint <policy>')
    .description(
      'Check a pack or a policy file with its parents; list demands that it does not meet.',
    )
    .addHelpText('after', '\nExample:\n  custos policy lint ./my-policy.yaml')
    .action(lint);
  policy
    .command('diff <left> <right>')
    .description('Compare two policies: each setting, the stricter side, the steps that run again.')
    .addHelpText('after', '\nExample:\n  custos policy diff default sample')
    .action(diff);
};
