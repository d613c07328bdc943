import { describe, it, vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.js';
import { checkError, type ErrorCase } from '../support/error-case.js';
import { CANARY, goodRow, jsonLines, runText, type Files } from '../support/error-inputs.js';

// Each case starts a process; a busy machine takes some seconds for one.
vi.setConfig({ testTimeout: 120_000, maxConcurrency: 3 });

const POLICY = 'schema: custos.policy.v1\nname: mine\nextends: default\n';
const run = (text: string): Files => ({ 'run.yaml': text });
const withPolicy = (text: string): Files => ({
  'run.yaml': runText({ policy: './policy.yaml' }),
  'policy.yaml': text,
});
const RUN = ['run', '%/run.yaml', '--as', 'demo-engineer'];
const LINT = ['policy', 'lint', '%/policy.yaml'];
const NO_SERVERS = ['No servers run for %/home', 'run "custos up" first', '[NOT_RUNNING]'];

const RUN_FILES: readonly ErrorCase[] = [
  {
    name: 'a run file that is not there',
    args: RUN,
    exit: EXIT.invalid,
    says: ['the run file %/run.yaml cannot be read; check the path', '[RUN_FILE_INVALID]'],
  },
  {
    name: 'a run file that is not YAML',
    args: RUN,
    files: run(`project: [demo\nname: x\n`),
    exit: EXIT.invalid,
    says: ['%/run.yaml:2: not readable YAML (', 'mend this line'],
  },
  {
    name: 'a YAML alias',
    args: RUN,
    files: run(runText({ policy: '&p sample', dataset: '*p' })),
    exit: EXIT.invalid,
    says: ['%/run.yaml:9: a YAML alias; write the value itself'],
  },
  {
    name: 'an unknown property',
    args: RUN,
    files: run(runText({ train: 'training: {}\n' })),
    exit: EXIT.invalid,
    says: ['%/run.yaml:19: /training: unknown property "training"; remove it or mend its name'],
  },
  {
    name: 'a wrong type',
    args: RUN,
    files: run(runText({ train: 'train:\n  maxSteps: many\n' })),
    exit: EXIT.invalid,
    says: ['%/run.yaml:20: /train/maxSteps: must be integer,null', 'mend these lines'],
  },
  {
    name: 'an unknown backend',
    args: RUN,
    files: run(runText({ train: 'train:\n  backend: abacus\n' })),
    exit: EXIT.invalid,
    says: ['%/run.yaml:20: /train/backend: must be one of ["auto","tfjs-node-gpu"'],
  },
  {
    name: 'a missing property',
    args: RUN,
    files: run(runText().replace('project: demo\n', '')),
    exit: EXIT.invalid,
    says: ['%/run.yaml:1: /: missing property "project"'],
  },
  {
    name: 'a revision that is no digest',
    args: RUN,
    files: run(runText({ revision: 'main' })),
    exit: EXIT.invalid,
    says: ['%/run.yaml:7: /baseModel/revision: must match pattern'],
  },
  {
    name: 'a source file that is not there',
    args: RUN,
    files: { ...run(runText({ path: 'no.jsonl' })), 'model/config.json': '{}' },
    exit: EXIT.invalid,
    says: [
      '%/run.yaml:12: /dataset/sources/0/path: there is no file %/no.jsonl',
      'paths are relative to the run file',
    ],
  },
  {
    name: 'a model directory that is not there',
    args: RUN,
    files: { ...run(runText()), 'rows.jsonl': jsonLines([goodRow(1)]) },
    exit: EXIT.invalid,
    says: ['%/run.yaml:6: /baseModel/path: there is no directory %/model; give a Hugging Face'],
  },
  {
    name: 'a mapping that does not make the shape',
    args: RUN,
    files: run(runText().replace('name: output, from', 'name: completion, from')),
    exit: EXIT.invalid,
    says: ['%/run.yaml:11: /dataset/sources/0:', 'shape "instruction" has no field "completion"'],
  },
  {
    name: 'two sources of one name',
    args: RUN,
    files: run(runText().replace(/( {4}- name: tickets[^]*the answer }\n)/, '$1$1')),
    exit: EXIT.invalid,
    says: ['%/run.yaml:19: /dataset/sources/1/name: two sources are named "tickets"; give each'],
  },
];

const POLICIES: readonly ErrorCase[] = [
  {
    name: 'an unknown policy pack',
    args: RUN,
    files: run(runText({ policy: 'nobody' })),
    exit: EXIT.invalid,
    says: [
      '%/run.yaml:4: /policy: there is no policy pack "nobody"; packs are default, ',
      'or give a file [POLICY_INVALID]',
    ],
  },
  {
    name: 'a policy file that is not there',
    args: RUN,
    files: run(runText({ policy: './none.yaml' })),
    exit: EXIT.invalid,
    says: ['%/run.yaml:4: /policy: the policy file %/none.yaml cannot be read; check the path'],
  },
  {
    name: 'a policy of a run with an unknown entity type',
    args: RUN,
    files: withPolicy(`${POLICY}redact:\n  entities:\n    PERSN: keep\n`),
    exit: EXIT.invalid,
    says: [
      '%/policy.yaml:6 /redact/entities/PERSN: no such entity type; there are PERSON, LOCATION',
      '[POLICY_ENTITY_UNKNOWN]',
    ],
  },
  {
    name: 'a policy with an unknown entity type, linted',
    args: LINT,
    files: withPolicy(`${POLICY}redact:\n  entities:\n    PERSN: keep\n`),
    exit: EXIT.invalid,
    says: ['%/policy.yaml:6 /redact/entities/PERSN: no such entity type; there are PERSON'],
  },
  {
    name: 'a policy with an unknown section',
    args: LINT,
    files: withPolicy(`${POLICY}redaction:\n  minScore: 1\n`),
    exit: EXIT.invalid,
    says: ['%/policy.yaml:4 /redaction: unknown property "redaction"; remove it'],
  },
  {
    name: 'a policy with an unknown property',
    args: LINT,
    files: withPolicy(`${POLICY}train:\n  rank: 4\n`),
    exit: EXIT.invalid,
    says: ['%/policy.yaml:5 /train/rank: no such property', '[POLICY_SCHEMA]'],
  },
  {
    name: 'a policy with a wrong type',
    args: LINT,
    files: withPolicy(`${POLICY}train:\n  seed: 1\n  r: four\n`),
    exit: EXIT.invalid,
    says: ['%/policy.yaml:6 /train/r: must be integer'],
  },
  {
    name: 'a policy with an unknown backend',
    args: LINT,
    files: withPolicy(`${POLICY}train:\n  backend: abacus\n`),
    exit: EXIT.invalid,
    says: ['%/policy.yaml:5 /train/backend: must be one of ["auto","tfjs-node-gpu"'],
  },
  {
    name: 'policies that extend in a circle',
    args: LINT,
    files: {
      'policy.yaml': 'schema: custos.policy.v1\nname: a\nextends: b\n',
      'b.yaml': 'schema: custos.policy.v1\nname: b\nextends: a\n',
    },
    exit: EXIT.invalid,
    says: ['policies extend in a circle: a -> b -> a', '%/b.yaml:3 /extends: a policy that ends'],
  },
  {
    name: 'a policy that is not YAML',
    args: LINT,
    files: withPolicy(`${POLICY}train: {`),
    exit: EXIT.invalid,
    says: ['%/policy.yaml:4 /: readable YAML (', '[POLICY_SYNTAX]'],
  },
  {
    name: 'a policy whose audit could not fail',
    args: LINT,
    files: withPolicy(`${POLICY}audit:\n  maxExposureBits: 99\n`),
    exit: EXIT.invalid,
    says: ['%/policy.yaml:5 /audit/maxExposureBits: below log2 of /inject/references'],
  },
];

const COMMANDS: readonly ErrorCase[] = [
  {
    name: 'an unknown command',
    args: ['rnu'],
    exit: EXIT.invalid,
    says: ["unknown command 'rnu'", 'Did you mean run?', 'custos --help'],
  },
  {
    name: 'an unknown option',
    args: ['run', '--wach', 'x.yaml'],
    exit: EXIT.invalid,
    says: ["unknown option '--wach'", 'Did you mean --watch?', '(custos run --help teaches it)'],
  },
  {
    name: 'a missing option of a subcommand',
    args: ['review', 'sign', 'RUN-review'],
    exit: EXIT.invalid,
    says: ["required option '--as <person>'", '(custos review sign --help teaches it)'],
  },
  {
    name: 'a record named by half',
    args: ['lineage', 'record', '--source', 'support'],
    exit: EXIT.invalid,
    says: ['or with --source and --key [USAGE]', '(custos lineage record --help teaches it)'],
  },
  {
    name: 'a state that no run can have',
    args: ['runs', '--state', 'asleep'],
    exit: EXIT.invalid,
    says: ['Allowed choices are running, completed, failed', '(custos runs --help teaches it)'],
  },
  {
    name: 'a status with nothing running',
    args: ['status'],
    exit: EXIT.unavailable,
    says: ['nothing runs for %/home; start with "custos up"'],
  },
  {
    name: 'a status with nothing running, as JSON',
    args: ['status', '--json'],
    exit: EXIT.unavailable,
    says: ['"ok": false', '"running": false'],
  },
  {
    name: 'a wrong option value',
    args: ['run', '--max-steps', 'zero', 'x.yaml'],
    exit: EXIT.invalid,
    says: ["'--max-steps <n>' argument 'zero' is invalid", 'give a whole number from 1'],
  },
  {
    name: 'a store that there is not',
    args: ['up', '--store', 'tape'],
    exit: EXIT.invalid,
    says: ["argument 'tape' is invalid", 'Allowed choices are auto, s3, files'],
  },
  {
    name: 'a run without servers',
    args: RUN,
    files: {
      ...run(runText()),
      'rows.jsonl': jsonLines([goodRow(1)]),
      'model/config.json': '{}',
    },
    exit: EXIT.unavailable,
    says: NO_SERVERS,
  },
  {
    name: 'a review without servers',
    args: ['review', 'list'],
    exit: EXIT.unavailable,
    says: NO_SERVERS,
  },
  {
    name: 'a collection of garbage without servers',
    args: ['gc', '--dry-run'],
    exit: EXIT.unavailable,
    says: NO_SERVERS,
  },
  {
    name: 'a grace that is too short',
    args: ['gc', '--grace', '1h'],
    exit: EXIT.invalid,
    says: ["'--grace <time>' argument '1h' is invalid", 'the shortest grace is 2h'],
  },
  {
    name: 'a hold without a reason',
    args: ['hold', 'add', 'support@1', '--as', 'ada', '--reason', ' '],
    exit: EXIT.invalid,
    says: ['say why in 3 to 500 characters'],
  },
  {
    name: 'a hold without servers',
    args: ['hold', 'list'],
    exit: EXIT.unavailable,
    says: NO_SERVERS,
  },
  {
    name: 'a server program that is not where it is said to be',
    args: ['up'],
    env: { CUSTOS_TEMPORAL_PATH: '/nowhere/temporal' },
    exit: EXIT.unavailable,
    says: ['/nowhere/temporal', 'temporal'],
  },
  {
    name: 'a model directory to digest that is not there',
    args: ['model', 'digest', '%/none'],
    exit: EXIT.invalid,
    says: ['there is no directory %/none; check the path'],
  },
  {
    name: 'an evidence folder that is not there',
    args: ['verify', '%/none', '--offline', '--key', '%/keys.json'],
    files: { 'keys.json': '{"schema":"custos.keyring.v1","keys":[]}' },
    exit: EXIT.invalid,
    says: ['%/none', 'custos: '],
  },
  {
    name: 'a keyring that is not there',
    args: ['verify', '%', '--offline', '--key', '%/none.json'],
    exit: EXIT.invalid,
    says: ['the keyring %/none.json cannot be read; check the path'],
  },
  {
    name: 'a row to redact that is not JSON',
    args: ['redact', '--format', 'jsonl'],
    input: `{"text": "fine"}\n{"text": "${CANARY}\n`,
    exit: EXIT.invalid,
    says: ['standard input, line 2, byte ', ': not JSON; give one {"text": "..."} per line'],
  },
  {
    name: 'a row to redact without a text',
    args: ['redact', '--format', 'jsonl'],
    input: `{"txet": "${CANARY}"}\n`,
    exit: EXIT.invalid,
    says: [
      'standard input, line 1, byte 0: /text is not a string; give one {"text": "..."} per line',
    ],
  },
  {
    name: 'a policy to redact by with an unknown entity type',
    args: ['redact', '--policy', '%/policy.yaml'],
    files: withPolicy(`${POLICY}redact:\n  entities:\n    PERSN: keep\n`),
    input: `${CANARY}\n`,
    exit: EXIT.invalid,
    says: ['%/policy.yaml:6 /redact/entities/PERSN: no such entity type'],
  },
  {
    name: 'a model to redact by in a folder that has none',
    args: ['redact', '--model', '%/nowhere'],
    input: `${CANARY}\n`,
    exit: EXIT.unavailable,
    says: ['has no readable config.json in %/nowhere', '[NAME_MODEL_MISSING]'],
  },
  {
    name: 'a model to redact by with the labels of something else',
    args: ['redact', '--model', '%'],
    files: { 'config.json': '{"id2label": {"0": "positive", "1": "negative"}}' },
    input: `${CANARY}\n`,
    exit: EXIT.unverified,
    says: ['none of the labels in id2label', 'restore its files or name another folder'],
  },
];

describe.each([
  ['run files', RUN_FILES],
  ['policies', POLICIES],
  ['commands', COMMANDS],
])('errors of %s', (_, cases) => {
  it.concurrent.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) =>
    checkError(one),
  );
});
