import type { AdapterLineage } from './adapter-lineage.js';
import { table } from './app.js';
import { describeTime } from './durations.js';
import { describeGates, describeLeak } from './gate-words.js';
import { describeAccount } from './record-account.js';
import { describeReview } from './run-report-text.js';
import { figure } from './stage-words.js';

function describeReading({ records, trainedSteps }: AdapterLineage): string {
  const { trainingSet, read, canariesRead } = records;
  const unread = trainingSet.length - read.length;
  const rest = unread === 0 ? '' : `; it stopped before it came to the other ${figure(unread)}`;
  return `  In ${figure(trainedSteps)} steps training read ${figure(read.length)} of the ${figure(trainingSet.length)} records and ${figure(canariesRead)} canary sequences${rest}.`;
}

function describeRemoved(removed: AdapterLineage['removed']): readonly string[] {
  const types = Object.entries(removed).sort(([, a], [, b]) => b - a);
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  return [
    `What was found and removed, as the policy says for each type, before training: ${figure(total)} spans`,
    `  ${types.map(([type, count]) => `${type} ${figure(count)}`).join(', ')}`,
  ];
}

function describeProofs({ logId, proofs, runId }: AdapterLineage): readonly string[] {
  return [
    `What proves it: each stage is signed, and stands in the ledger ${logId} at the position given`,
    table(
      proofs.map(({ ledgerIndex, stage, resultDigest }) => [
        `  #${String(ledgerIndex)}`,
        stage,
        resultDigest,
      ]),
    ),
    `  check it here:      custos verify ${runId}`,
    `  or anywhere else:   custos evidence export ${runId} --out evidence`,
    '  one record:         custos lineage record --source NAME --key KEY',
  ];
}

/** An auditor's questions about one adapter, each with its answer. */
export function describeLineage(lineage: AdapterLineage): string {
  const { entry, submission, review, gates, leak, outcome, accountAddsUp } = lineage;
  const { name, version, stage } = entry;
  return [
    `${name}@${String(version)}, ${stage}`,
    `  adapter     ${entry.adapterDigest}`,
    `  base model  ${entry.baseModelRevision}`,
    `  policy      ${entry.policyDigest}`,
    `  run         ${entry.runId}, submitted by ${entry.submitter.subject}${submission === null ? '' : `, ${describeTime(submission.signedAt)}`}`,
    '',
    'Which records made it',
    describeAccount(lineage.account),
    accountAddsUp ? '  The counts add up.' : '  THE COUNTS DO NOT ADD UP: do not rely on this run.',
    describeReading(lineage),
    '  The ids of the records read: --records',
    '',
    ...describeRemoved(lineage.removed),
    '',
    'Who approved',
    ...(review === null
      ? ['  nobody: there is no review in the evidence']
      : describeReview(entry.runId, review).map((line) => `  ${line}`)),
    '',
    `Which gates it passed: ${outcome ?? 'not judged'}`,
    describeGates(gates),
    '',
    'What it gives back when attacked',
    ...(leak === null ? ['  not audited'] : describeLeak(leak).map((line) => `  ${line}`)),
    '',
    ...describeProofs(lineage),
  ].join('\n');
}
