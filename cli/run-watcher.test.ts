import { ServiceError, type Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { StageState } from '../workflows/messages.js';
import { watchRun, type RunView } from './run-watcher.js';

const stages: readonly StageState[] = [{ id: 'redact', status: 'running', counts: {} }];
const running: RunView = { stages, details: { redact: 'records 5' }, closed: false };
const closed: RunView = { stages, details: {}, closed: true };

/** An error as the client gives it when a call ends with this code of gRPC. */
const grpc = (code: number): Error =>
  new ServiceError('Failed to query Workflow', {
    cause: Object.assign(new Error('call failed'), { code, details: '', metadata: {} }),
  });

async function watched(answers: readonly (RunView | Error)[]): Promise<readonly RunView[]> {
  const left = [...answers];
  const look = () => {
    const next = left.shift();
    return next instanceof Error || next === undefined
      ? Promise.reject(next ?? new Error('asked too often'))
      : Promise.resolve(next);
  };
  const views: RunView[] = [];
  for await (const view of watchRun({} as unknown as Client, 'run-1', look)) views.push(view);
  return views;
}

describe('watching a run', () => {
  it.each([
    ['a worker that is busy', 4],
    ['a worker that is being replaced', 9],
    ['a server that is starting again', 14],
  ])('goes on past %s, and says so', async (_, code) => {
    const views = await watched([running, grpc(code), closed]);
    expect(views.map(({ details }) => details['redact'])).toEqual([
      'records 5',
      'nobody answers yet',
      undefined,
    ]);
  });

  it('goes on where nobody answers at first', async () => {
    expect(await watched([grpc(4), closed])).toHaveLength(2);
  });

  it.each([
    ['a refused certificate', grpc(16)],
    ['a run that there is not', grpc(5)],
    ['a defect', new Error('defect')],
  ])('ends with %s', async (_, error) => {
    await expect(watched([running, error])).rejects.toBe(error);
  });
});
