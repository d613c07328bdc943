import { Argument, type Command } from 'commander';
import type { RegisterCommand } from '../app.js';
import { completionScript, type Shell } from '../completion.js';

export const registerCompletion: RegisterCommand = (program) => {
  program
    .command('completion')
    .description('Print a script that completes commands and options in your shell.')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  source <(custos completion bash)     in ~/.bashrc
  source <(custos completion zsh)      in ~/.zshrc, after compinit
  custos completion fish | source      in ~/.config/fish/config.fish`,
    )
    .action((shell: Shell, _options: unknown, command: Command) => {
      process.stdout.write(completionScript(shell, command.parent ?? command));
    });
};
