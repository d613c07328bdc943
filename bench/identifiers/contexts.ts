import { BLIND_BARE, BLIND_WITH_CUE } from './blind-contexts.js';
import type { Draw } from './draw.js';
import { mark, type Kind } from './kinds.js';

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** As the name of a field: `date_of_birth`, `dob` for `d.o.b.`. */
const joined = (cue: string, by: string): string =>
  cue
    .replace(/[.'’#]/g, '')
    .trim()
    .replace(/[^\p{L}\p{N}]+/gu, by);
const camel = (cue: string): string =>
  joined(cue, ' ').replace(/ (.)/g, (_, letter: string) => letter.toUpperCase());

/** `C` cue with a capital, `c` cue, `U` in capitals, `s` in snake case, `m` in camel case, `§` value. */
const WITH_CUE: readonly string[] = [
  '{C}: §',
  '{C}: §',
  'Our records show {c} § for this customer.',
  'The {c} is §, please confirm.',
  'my {c} is § thanks',
  'Please change the {c} to § today.',
  '{"state": "open", "{s}": "§", "ok": true}',
  '{"{m}":"§"}',
  '<{m}>§</{m}>',
  'level=info msg="saved" {s}=§ state=ok',
  '{s}: "§"',
  '| {C} | § |',
  '{c};§;open',
  '{C},§',
  '{C}\t§',
  '{C}:\n§',
  '- {C}: §\n- State: open',
  '{U}: §',
  'RE: {U} § - PLEASE CHECK',
  'The applicant ({c} §) has written again.',
  'The applicant ({c}: §) has written again.',
  '{C} = §',
  "{c} '§'",
  '**{C}:** §',
  '{c}: §, state: open',
  'Hello,\n\nthe {c} you asked for is §.\n\nRegards',
];

/** Written after the recognizers had been measured on those above, and not consulted for any of them. */
const FURTHER_WITH_CUE: readonly string[] = [
  '<tr><td>{C}</td><td>§</td></tr>',
  '<dt>{C}</dt>\n<dd>§</dd>',
  "UPDATE person SET {s} = '§' WHERE row = 7;",
  '{s} -> §',
  '{C} → §',
  'q: whats your {c}?\na: §',
  'What is your {c}? §',
  '{C}............ §',
  '{s}:\n  - §\n',
  '{"label": "{C}", "value": "§"}',
  '{"field":"{s}","new":"§"}',
  'export {s}="§"',
  '--{s} §',
  'her {c}, §, was refused',
  '{c} (new): §',
  '{C} [required]: §',
  '1. {C} - §',
  '* {C}: `§`',
  '{C}  :  §',
  '{C} – §',
  'they gave § as the {c}',
  'wrong {c} entered (§)',
  'state,{s},kind\nopen,§,new',
  '{U}\n§',
  '> {C}: §\n> thanks',
  'is § still the right {c}?',
  '{c} changed from § last week',
  'I typed my {c} as § by mistake',
];

/** For those known without a cue. */
const BARE: readonly string[] = [
  '§',
  'We got § from the form.',
  '7;§;open',
  '7,"§",open',
  '| 7 | § | open |',
  '["§", "open"]',
  '- §\n- pending',
  'Please check §, then close it.',
  'It was (§), I think.',
  'value=§',
  '<td>§</td>',
  'from the form: §.',
  'see § below',
  'NOTE: § IS WRONG',
];

const FURTHER_BARE: readonly string[] = [
  'ok so § then?',
  '§ / open',
  '1) § 2) none',
  '“§”',
  '`§`',
  '[§]',
  '§;',
  'open|§|new',
  'open\t§\tnew',
  'old → §',
  'got §!',
  'It is §—please look.',
  '"value":"§"}',
  '> §\n> thanks',
  'x=§ y=1',
  '§\n§',
];

/** Measured before it was consulted, and the link from a label to its value made anew after that. */
const THIRD_WITH_CUE: readonly string[] = [
  '[{C}] §',
  '{C} ==> §',
  'Re your {c} §: we have closed it.',
  '{C}\n\n§',
  '{c}=§;path=/;secure',
  '{C}: not § but the other one',
  "print(row['{s}'])  # §",
  '{"{s}": {"value": "§", "checked": true}}',
  "INSERT INTO t ({s}) VALUES ('§');",
  '{C} (as printed on the back): §',
  'Agent: could you tell me the {c}?\nCaller: sure, § I think',
  '#{m} §',
  '{C}:§',
  '{C} / §',
  '{C} reads §.',
  'Old {c}: none. New {c}: §.',
  "'{s}' => '§',",
  '{C} ~ §',
  '§ ({c})',
  'please note § is her {c}',
  '{s}\topen\n§\tnew',
  '<input name="{s}" value="§">',
];
const THIRD_BARE: readonly string[] = [
  '§ -- open',
  'was: §, is: none',
  '#§',
  '§\r\nopen',
  '~§~',
  '*§*',
  '§ & none',
  'open:§',
  '//§',
  '«§»',
  '(see: §; open)',
  '§ has been wrong since May',
];

/** Written after that link, in the manner of other trades, and measured before anything was changed for it. */
const FOURTH_WITH_CUE: readonly string[] = [
  '[[[TIME|10:04]]] AGENT  And the {c} for the file please\n[[[TIME|10:04]]] CLIENT Yes one moment, it is §',
  'A: Can I take your {c}?\nB: Of course. §.\nA: Lovely, thank you.',
  'so yeah my {c} would be § if that helps',
  'okay the {c} that i have here in front of me is § i believe',
  '>> On Tuesday she wrote:\n>> {C}: §\n>> Can you fix it?',
  '> > the {c} on the letter was §\n>\n> We will look into it.',
  'OBX|1|ST|{s}^{C}^L||§||||||F',
  '{"identifier": [{"type": {"text": "{C}"}, "value": "§"}]}',
  '{"resourceType":"Person","extension":[{"url":"{m}","valueString":"§"}]}',
  "java.lang.IllegalStateException: duplicate {m} '§' in batch",
  'ValueError: {s} § is already taken',
  "SELECT * FROM people WHERE {s} = '§' LIMIT 5;",
  "INSERT INTO people (state, {s}, remark) VALUES ('open', '§', 'none');",
  '| State | {C} | Remark |\n| --- | --- | --- |\n| open | § | none |\n| closed | - | none |',
  'State;{C};Remark\nclosed;;none\nopen;§;none',
  '{U} . . . . . . : §',
  '{U}:_§_',
  '[x] {C} given: §',
  '[[USERNAME|@lena]] can you check § pls? that is the {c} he sent',
  'lena: whats the {c}\nmei: §\nlena: thx',
  'new {c} as of today => §',
  'He read out his {c} (§) twice.',
  'Attached you find the form with the {c}. It says §.',
  '{C} on record: §; nothing else has changed.',
  '{s}=§&state=open',
  'person.{m} = "§"',
  '<entry key="{s}">§</entry>',
  '- name: {s}\n  value: "§"',
  'please replace the {c} § with a new one',
  'Both sides of the form carry the same {c}, namely §.',
];
const FOURTH_BARE: readonly string[] = [
  '[[[TIME|10:04]]] CLIENT §',
  'mei: §\nlena: thx',
  '>> §\n>> Can you fix it?',
  'OBX|1|ST|note||§||||||F',
  "('open', '§', 'none')",
  'thrown at line seven for § by worker',
  '| open | § | none |',
  'yeah it was § i believe',
  'please replace § with a new one',
  '_§_',
  '...§...',
  '§?',
  'key => §',
  'we noted §; nothing else',
];

/** The groups of texts that values are written into, in the order in which they were written. */
const CONTEXTS = {
  common: [WITH_CUE, BARE],
  further: [FURTHER_WITH_CUE, FURTHER_BARE],
  third: [THIRD_WITH_CUE, THIRD_BARE],
  fourth: [FOURTH_WITH_CUE, FOURTH_BARE],
  blind: [BLIND_WITH_CUE, BLIND_BARE],
} as const;
export type Contexts = keyof typeof CONTEXTS;
export const CONTEXT_GROUPS = Object.keys(CONTEXTS) as readonly Contexts[];

function withCue(draw: Draw, cue: string, templates: readonly string[]): string {
  return draw
    .pick(templates)
    .replaceAll('{C}', upperFirst(cue))
    .replaceAll('{c}', cue)
    .replaceAll('{U}', cue.toUpperCase())
    .replaceAll('{s}', joined(cue, '_'))
    .replaceAll('{m}', camel(cue));
}

/** What JSON writes for a value in quotes. */
const inQuotes = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** A text with one value of the kind, marked. */
export function writePositive(draw: Draw, kind: Kind, contexts: Contexts): string {
  const written = kind.value(draw);
  const lower = kind.anyCase === true && draw.chance(0.15);
  const value = lower ? written.toLowerCase() : written;
  const bare = kind.bare === true && (kind.cues.length === 0 || draw.chance(0.5));
  const text = bare
    ? draw.pick(kind.sentences ?? CONTEXTS[contexts][1])
    : withCue(draw, draw.pick(kind.cues), CONTEXTS[contexts][0]);
  const cased = lower && /^[{CUs]/.test(text) ? text.toLowerCase() : text;
  const quoted = /^[[{].*"§"/s.test(text);
  return cased.replaceAll('§', mark(kind.type, quoted ? inQuotes(value) : value));
}
