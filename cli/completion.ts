import type { Command } from 'commander';

/** What may follow a command, as far as it is known without running it. */
interface Place {
  /** The words so far: `custos policy`. */
  readonly path: string;
  readonly words: readonly Word[];
}

interface Word {
  readonly text: string;
  readonly says: string;
  readonly kind: 'command' | 'option';
}

export type Shell = 'bash' | 'zsh' | 'fish';

/** Every command of a program with its subcommands, its options and those of its parents. */
export function placesOf(root: Command): readonly Place[] {
  const walk = (command: Command, path: string, inherited: readonly Word[]): Place[] => {
    const help = command.createHelp();
    const options = help.visibleOptions(command).flatMap(({ long, short, description }) => {
      const text = long ?? short;
      return text === undefined ? [] : [{ text, says: description, kind: 'option' } as const];
    });
    const commands = help.visibleCommands(command).map((child) => {
      return { text: child.name(), says: child.description(), kind: 'command' } as const;
    });
    const known = new Set(options.map(({ text }) => text));
    const words = [...commands, ...options, ...inherited.filter(({ text }) => !known.has(text))];
    const passed = words.filter(({ kind, text }) => kind === 'option' && text !== '--version');
    const below = command.commands.flatMap((child) => {
      return walk(child, `${path} ${child.name()}`, passed);
    });
    return [{ path, words }, ...below];
  };
  return walk(root, root.name(), []);
}

/** A script that the shell sources; it runs nothing of the program. */
export function completionScript(shell: Shell, root: Command): string {
  return SCRIPTS[shell](placesOf(root), root.name());
}

const SCRIPTS: Readonly<Record<Shell, (places: readonly Place[], name: string) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `'custos policy'|'custos review') ...`: the words that lead on. */
function pathPatterns(places: readonly Place[]): string {
  return places.map(({ path }) => quoted(path)).join('|');
}

function bashScript(places: readonly Place[], name: string): string {
  const cases = places.map(({ path, words }) => {
    return `    ${quoted(path)}) words=${quoted(words.map(({ text }) => text).join(' '))} ;;`;
  });
  return `# bash: source <(${name} completion bash)
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path=${name} words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${pathPatterns(places)}) path="$path \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _${name} ${name}
`;
}

function zshScript(places: readonly Place[], name: string): string {
  const item = ({ text, says }: Word): string =>
    quoted(`${text.replaceAll(':', '\\:')}:${says.replaceAll('\n', ' ')}`);
  const cases = places.map(({ path, words }) => {
    return `    ${quoted(path)}) entries=(${words.map(item).join(' ')}) ;;`;
  });
  return `#compdef ${name}
# zsh: source <(${name} completion zsh), after compinit
_${name}() {
  local at=${name} i
  local -a entries
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      ${pathPatterns(places)}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  _describe -t words ${name} entries
  _files
}
compdef _${name} ${name}
`;
}

function fishScript(places: readonly Place[], name: string): string {
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ text, says, kind }) => {
      const what = kind === 'command' ? `-a ${quoted(text)}` : `-l ${quoted(text.slice(2))}`;
      return `complete -c ${name} -n ${quoted(`__${name}_at "${path}"`)} ${what} -d ${fishText(says)}`;
    }),
  );
  return `# fish: ${name} completion fish | source
function __${name}_at
  set -l path ${name}
  for word in (commandline -opc)[2..-1]
    switch "$path $word"
      case ${places.map(({ path }) => quoted(path)).join(' ')}
        set path "$path $word"
    end
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}

// In fish a backslash escapes inside single quotes too.
function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', ' ')}'`;
}
