import { describeMemory } from '../domain/train/index.js';
import { describeDuration, describeTime } from './durations.js';
import { describeGates, describeLeak } from './gate-words.js';
import type { ReviewFacts, SubmissionFacts } from './run-people.js';
import type { AdapterFacts, RunReport } from './run-report.js';
import { describeStageLines } from './stage-lines.js';

const signature = (verified: boolean): string =>
  verified ? 'signature verifies' : 'THE SIGNATURE DOES NOT VERIFY';

const demo = (method: string): string => (method === 'demo' ? ', a demo key' : '');

function describeSubmission(submission: SubmissionFacts | null): readonly string[] {
  if (submission === null) return ['submitter   not recorded yet'];
  const { signer, method, verified, policyDigest, requestDigest } = submission;
  return [
    `submitter   ${signer}${demo(method)} (${signature(verified)})`,
    `policy      ${policyDigest}`,
    `request     ${requestDigest}`,
  ];
}

function describeTimes({ startedAt, endedAt, durationMs, state }: RunReport): string {
  if (startedAt === null) return `${state}, nothing has started yet`;
  const took = durationMs === null ? '' : describeDuration(durationMs);
  return endedAt === null
    ? `${state}, started ${describeTime(startedAt)}, ${took} so far`
    : `${state}, ${describeTime(startedAt)} to ${describeTime(endedAt)}, ${took}`;
}

/** Who approved what, when and in which words. */
export function describeReview(runId: string, review: ReviewFacts): readonly string[] {
  const { signer, method, signedAt, verified, verdict, meaning, statement, items } = review;
  const reused = review.signedInRun === runId ? '' : `, reused from run ${review.signedInRun}`;
  return [
    `${verdict} by ${signer}${demo(method)}, ${describeTime(signedAt)}${reused} (${signature(verified)})`,
    `"${meaning}"`,
    `${String(items)} records shown; in the random sample: ${statement}`,
  ];
}

const loss = (value: number | null): string => (value === null ? 'not measured' : value.toFixed(4));

const perplexity = (value: number | null): string =>
  value === null ? 'not measured' : Math.exp(value).toPrecision(4);

const nameOf = ({ name, version }: AdapterFacts): string =>
  version === null ? name : `${name}@${String(version)}`;

function describeAdapter(adapter: AdapterFacts): readonly string[] {
  const { stage, digest, parameters, steps, memory, heldOutBefore, heldOutAfter } = adapter;
  const change =
    heldOutBefore === null || heldOutAfter === null
      ? ''
      : ` (${((heldOutAfter / heldOutBefore - 1) * 100).toFixed(0)}%)`;
  return [
    `${nameOf(adapter)}, ${stage}`,
    digest,
    `${parameters}; ${String(steps)} steps`,
    ...(memory === null ? [] : [`memory as planned: ${describeMemory(memory)}`]),
    `held-out loss ${loss(heldOutBefore)} before, ${loss(heldOutAfter)} after${change}`,
    `held-out perplexity ${perplexity(heldOutBefore)} before, ${perplexity(heldOutAfter)} after`,
  ];
}

/** What may be typed next, by how the run stands. */
function nextCommands({ runId, state, reviewWorkflowId, adapter, outcome }: RunReport): string[] {
  if (state === 'running') {
    return [
      ...(reviewWorkflowId === undefined ? [] : [`custos review show ${reviewWorkflowId}`]),
      `custos show ${runId} --watch`,
      `custos cancel ${runId}`,
    ];
  }
  if (outcome === null || adapter?.version == null) return ['custos runs'];
  return [
    `custos lineage adapter ${nameOf(adapter)}`,
    `custos verify ${runId}`,
    `custos evidence export ${runId} --out evidence`,
    `custos generate --adapter ${nameOf(adapter)} --compare "a prompt"`,
  ];
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...indented(lines)];

/** A run for people: who, when, each stage, the review, the adapter, the gates, the leak report. */
export function describeRun(report: RunReport): string {
  const { runId, failure, reviewWorkflowId, review, adapter, gates, leak, stages } = report;
  return [
    `run         ${runId}`,
    `state       ${describeTimes(report)}`,
    ...(failure === undefined ? [] : [`why         ${failure.message} [${failure.code}]`]),
    ...describeSubmission(report.submission),
    '',
    describeStageLines(stages),
    ...(reviewWorkflowId === undefined
      ? []
      : section('Review', [`waits for a person: custos review show ${reviewWorkflowId}`])),
    ...(review === null ? [] : section('Review', describeReview(runId, review))),
    ...(adapter === null ? [] : section('Adapter', describeAdapter(adapter))),
    ...(gates.length === 0
      ? []
      : ['', `Release gate: ${report.outcome ?? ''}`, describeGates(gates)]),
    ...(leak === null ? [] : section('Leak report', describeLeak(leak))),
    ...section('Next', nextCommands(report)),
  ].join('\n');
}
