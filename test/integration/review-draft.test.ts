import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { draftOf, readDrafts } from '../../cli/review-drafts.js';
import { openReview } from '../../cli/review-work.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';
import { openTerminal } from '../support/terminal.js';

const MINUTE = 60_000;
const REVIEWER = 'demo-reviewer';

let installation: Installation;
let review: string;

beforeAll(async () => {
  installation = await startInstallation({ store: 'files' });
  const runId = await installation.submit(await smallRun(2));
  review = (await installation.awaitReview(runId)) ?? '';
}, 5 * MINUTE);

afterAll(() => installation.close(), MINUTE);

const open = () => openTerminal(['review', 'open', review, '--as', REVIEWER], installation.dataDir);

/** Waits until the gate has a draft of so many decisions. */
async function drafted(count: number): Promise<void> {
  for (;;) {
    const opened = await openReview(installation, review);
    const drafts = await readDrafts(installation, opened);
    expect(drafts.ignored).toBe(0);
    const { decisions } = draftOf(drafts, REVIEWER);
    if (decisions.length === count) return;
    expect(decisions.length).toBeLessThan(count);
    await sleep(100);
  }
}

/** Whether a process still runs; one that nobody waits for counts as gone. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it(
  'keeps every decision at the terminal as it is made, and those before a stop or a closed window',
  async () => {
    const first = await open();
    await first.see('Any key shows the first record');
    first.type(' ');
    await first.see('record 1 of');
    first.type('r');
    await first.see('1 decided');
    await drafted(1);
    first.type('rr');
    await drafted(3);
    // One reviewer's drafts follow one another and push out nobody's.
    expect((await openReview(installation, review)).status.drafts).toHaveLength(1);
    first.type('r');
    await first.see('4 decided');
    process.kill(first.pid, 'SIGTERM');
    await first.see('what was decided is kept as a draft');
    expect(await first.ended).toBe(143);
    await drafted(4);

    const second = await open();
    await second.see('4 decided');
    second.type(' r');
    await second.see('5 decided');
    second.hangUp();
    await second.ended;
    while (runs(second.pid)) await sleep(100);
    await drafted(5);
  },
  3 * MINUTE,
);
