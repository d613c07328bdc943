import { table } from './app.js';
import { describeAge, describeDuration, describeTime } from './durations.js';
import type { Firing } from '../domain/schedule/index.js';
import type { ScheduleLine, ScheduleReport } from './schedules.js';

export function describeSchedules(lines: readonly ScheduleLine[]): string {
  if (lines.length === 0) return 'no schedules; make one: custos schedule create NAME run.yaml';
  return table([
    ['SCHEDULE', 'PROJECT', 'STATE', 'NEXT', 'ADAPTER', 'SUBMITTER'],
    ...lines.map(({ name, project, paused, next, adapter, submitter }) => [
      name,
      project,
      paused ? 'paused' : 'active',
      next === null ? '' : describeTime(next),
      adapter,
      submitter,
    ]),
  ]);
}

function endOf({ outcome, adapter, shutGates, unchangedSince, failure }: Firing): string {
  if (adapter !== undefined) {
    const shut = shutGates ?? [];
    const gate = shut.length === 0 ? '' : `; gate shut: ${shut.join(', ')}`;
    return `${adapter.name}@${String(adapter.version)} (${adapter.stage})${gate}`;
  }
  if (unchangedSince !== undefined) return `records as in ${unchangedSince}`;
  return failure === undefined ? outcome : `${failure.message} [${failure.code}]`;
}

function describeFirings(firings: readonly Firing[], nowMs: number): string {
  if (firings.length === 0) return 'no firing has ended yet';
  return table([
    ['SCHEDULED FOR', 'BEGAN', 'CAME TO', 'RUN', ''],
    ...firings.map((firing) => [
      describeTime(firing.scheduledFor),
      describeAge(nowMs - Date.parse(firing.startedAt)),
      firing.outcome,
      firing.runId,
      endOf(firing),
    ]),
  ]);
}

const WHY = {
  overlap: 'skipped: another firing ran',
  'not-started': 'not started: too late after an outage, or paused',
} as const;

function describeNotFired(times: ScheduleReport['notFired']): readonly string[] {
  if (times.length === 0) return [];
  const rows = times.map(({ dueAt, why, during }) => [describeTime(dueAt), WHY[why], during ?? '']);
  return ['', table([['NOT FIRED', 'WHY', 'RUN IN THE WAY'], ...rows])];
}

export function describeSchedule(report: ScheduleReport, nowMs: number): string {
  const { project, name, paused, note, overlap, catchUpMs, pauseOnFailure } = report;
  const { next, running, skipped, firings } = report;
  return [
    `${name} (${project}): ${paused ? 'paused' : 'active'}${note === '' ? '' : `: ${note}`}`,
    `next     ${next.map(describeTime).join(', ') || 'none'}`,
    `running  ${running.join(', ') || 'none'}`,
    `rules    overlap ${overlap}; late by up to ${describeDuration(catchUpMs)}; ${pauseOnFailure ? 'pauses' : 'goes on'} after a failure`,
    `skipped  ${String(skipped.overlap)} while another firing ran, ${String(skipped.missedCatchUp)} later than the catch-up window`,
    '',
    describeFirings(firings, nowMs),
    ...describeNotFired(report.notFired),
  ].join('\n');
}
