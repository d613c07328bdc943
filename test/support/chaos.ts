import { setTimeout as sleep } from 'node:timers/promises';
import { runningActivities } from './activity-watch.js';
import type { Killable, Strike } from './chaos-plan.js';
import type { Installation } from './installation.js';
import type { StoreProxy } from './store-proxy.js';

const POLL_MS = 50;
const HEARTBEAT_SECONDS = 3;

/** An installation whose worker reaches the store through a proxy. */
export interface Victim {
  readonly installation: Installation;
  readonly proxy: StoreProxy;
}

/** What a strike was seen to do. */
export interface Struck extends Strike {
  /** Requests that the fault met; for a killed process none. */
  readonly faulted: number;
  readonly at: string;
}

const workflowsOf = (runId: string): readonly string[] => [runId, `${runId}-train`];

async function isRunning(victim: Victim, runId: string, step: string): Promise<boolean> {
  const { client } = victim.installation;
  const running = workflowsOf(runId).map((id) => runningActivities(client, id));
  return (await Promise.all(running)).flat().some(({ name }) => name === step);
}

interface Hold {
  /** Lets so many more requests through to the store. */
  pass(requests: number): Promise<void>;
  release(): void;
}

/**
 * Holds every request to the store from the first one that comes while the activity runs. Each
 * request waits for a look at the server that began after it came, so that no activity that reaches
 * the store twice is over before it is seen.
 */
async function holdAt(victim: Victim, runId: string, step: string): Promise<Hold> {
  let held = false;
  let passes = 0;
  let wake: () => void = () => undefined;
  let changed = new Promise<void>((resolve) => (wake = resolve));
  const change = (): void => {
    wake();
    changed = new Promise((resolve) => (wake = resolve));
  };
  const waiting = new Promise<void>((resolve) => {
    victim.proxy.guard(async () => {
      if (!held && (await isRunning(victim, runId, step))) {
        held = true;
        resolve();
      }
      while (held && passes === 0) await changed;
      if (held) passes -= 1;
    });
  });
  await waiting;
  return {
    async pass(requests) {
      const before = victim.proxy.requests;
      passes += requests;
      change();
      // The last of them has been answered, as a rule, when the next one comes.
      for (let left = 40; left > 0 && victim.proxy.requests < before + requests; left -= 1) {
        await sleep(POLL_MS);
      }
      passes = 0;
    },
    release() {
      held = false;
      victim.proxy.guard(undefined);
      change();
    },
  };
}

/**
 * Has the server notice the end of a worker sooner than after the 30 seconds of the workflow's
 * policy and the 10 for which it offers the workflow to the dead one: it changes how long the test
 * waits and nothing else.
 */
async function noticeSoon({ installation }: Victim, runId: string): Promise<void> {
  const { client } = installation;
  const { namespace } = client.options;
  for (const workflowId of workflowsOf(runId)) {
    const execution = { workflowId };
    await client.workflowService.resetStickyTaskQueue({ namespace, execution }).catch(() => null);
    const names = (await runningActivities(client, workflowId)).map(({ name }) => name);
    for (const type of new Set(names)) {
      await client.workflowService.updateActivityOptions({
        namespace,
        execution,
        type,
        activityOptions: { heartbeatTimeout: { seconds: HEARTBEAT_SECONDS as never } },
        updateMask: { paths: ['heartbeat_timeout'] },
      });
    }
  }
}

async function kill(victim: Victim, what: Killable): Promise<void> {
  const pid = await victim.installation.pidOf(what);
  if (pid === undefined) throw new Error(`${what} does not run`);
  process.kill(pid, 'SIGKILL');
  // Up again, or on its way: another one than that.
  while ((await victim.installation.pidOf(what)) === pid) await sleep(POLL_MS);
}

async function untilBack(victim: Victim, what: Killable): Promise<void> {
  while ((await victim.installation.pidOf(what)) === undefined) await sleep(POLL_MS);
}

/** Strikes once, in the middle of the stage; resolves when the blow is over. */
export async function strike(victim: Victim, runId: string, plan: Strike): Promise<Struck> {
  const { proxy } = victim;
  const { step, blow, afterRequests } = plan;
  const hold = await holdAt(victim, runId, step);
  await hold.pass(afterRequests);
  if (!(await isRunning(victim, runId, step))) {
    throw new Error(`${step} was over after ${String(afterRequests)} requests`);
  }
  const before = proxy.faulted;
  const at = new Date().toISOString();
  if (blow.kind === 'kill') {
    await kill(victim, blow.what);
    hold.release();
    if (blow.what === 'worker') await noticeSoon(victim, runId);
    await untilBack(victim, blow.what);
  } else {
    await proxy.fail(blow.fault);
    hold.release();
    const until = Date.now() + blow.ms;
    while (Date.now() < until || (blow.fault !== 'down' && proxy.faulted === before)) {
      await sleep(POLL_MS);
      if (blow.fault === 'wrong-body' && proxy.faulted > before) break;
    }
    await proxy.fail(undefined);
  }
  return { ...plan, at, faulted: proxy.faulted - before };
}
