import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ENTITY_TYPES } from '../../domain/redact/index.js';
import { check, validateReviewDecisions, type ReviewDecision } from '../../schemas/index.js';
import { appOf, table, type App } from '../app.js';
import { withWorkspace, type Workspace } from '../compose.js';
import { CliError } from '../errors.js';
import { unlockPerson } from '../identity.js';
import { draftOf, noteIgnored, readDrafts, saveDraft, type Work } from '../review-drafts.js';
import {
  decisionFrom,
  decisionsOfItem,
  mergeDecisions,
  type ItemOptions,
} from '../review-decisions.js';
import { describeDecision } from '../review-screen.js';
import { confirmSignature } from '../review-signing.js';
import { requireSigner } from '../review-signer.js';
import { startReview } from '../review-state.js';
import { decidedOf } from '../review-summary.js';
import {
  decisionsFor,
  describeSigned,
  openReview,
  signReview,
  type ReviewCase,
} from '../review-work.js';

/**
 * Decisions of a file; its text is never quoted.
 * @throws CliError USAGE, SchemaError, CliError REVIEW_REFUSED when they are about another batch
 */
async function readDecisions(
  path: string,
  { id, batch }: ReviewCase,
): Promise<readonly ReviewDecision[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError('USAGE', `${path} cannot be read; check the path`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CliError(
      'USAGE',
      `${path} is not JSON; give decisions as custos:review-decisions has them`,
    );
  }
  const { batchRoot, decisions } = check(validateReviewDecisions, json, path);
  if (batchRoot === decisionsFor(batch, []).batchRoot) return decisions;
  throw new CliError(
    'REVIEW_REFUSED',
    `${path} decides about another batch (/batchRoot); review the present one of ${id}`,
  );
}

interface DecideOptions extends ItemOptions {
  readonly as: string;
  readonly file?: string;
  readonly approveAll?: boolean;
}

async function draftFrom(
  opened: ReviewCase,
  { decisions: before, unseen }: Work,
  options: DecideOptions,
): Promise<Work> {
  if (options.file !== undefined) {
    return { decisions: await readDecisions(options.file, opened), unseen: [] };
  }
  if (options.approveAll === true) {
    const decided = new Set(before.map(({ itemId }) => itemId));
    const open = opened.batch.items.filter(({ id }) => !decided.has(id));
    const approved = open.map(({ id }) => ({ itemId: id, action: 'approve' }) as const);
    return {
      decisions: [...before, ...approved],
      unseen: [...unseen, ...open.map(({ id }) => id)].sort(),
    };
  }
  const one = decisionFrom(options);
  return {
    decisions: mergeDecisions(before, one),
    unseen: unseen.filter((id) => id !== one.itemId),
  };
}

/** The items of which something else is decided now. */
function describeChanged(
  { batch }: ReviewCase,
  before: readonly ReviewDecision[],
  after: readonly ReviewDecision[],
  together: boolean,
): string {
  const decidedOn = (decisions: readonly ReviewDecision[], id: string) =>
    JSON.stringify(decisionsOfItem(decisions, id));
  const changed = batch.items.filter(({ id }) => decidedOn(before, id) !== decidedOn(after, id));
  if (changed.length === 0) return 'nothing has changed';
  if (together) return `approved without a look: ${String(changed.length)} items`;
  return table(
    changed.map(({ id, reason }) => [id, reason, describeDecision(decisionsOfItem(after, id))]),
  );
}

const DECIDE_EXAMPLES = `
Examples:
  custos review decide RUN --as rea --item 0123456789abcdef --action reject
  custos review decide RUN --as rea --item 0123456789abcdef --action add-span \\
    --message 0 --start 10 --end 18 --type PERSON`;

const SIGN_EXAMPLES = `
Example:
  custos review sign RUN --as rea     CUSTOS_PASSPHRASE stands in for the question without a terminal`;

/** `custos review decide`. */
export function registerReviewDecide(review: Command): void {
  review
    .command('decide <id>')
    .description(
      'Keep your decisions as a draft under your key; nothing is decided before you sign.',
    )
    .requiredOption('--as <person>', 'whose draft it is (see "custos identity list")')
    .option('--file <decisions.json>', 'all decisions, as custos:review-decisions')
    .option('--approve-all', 'approve every item that your draft leaves open')
    .option('--item <item>', 'one item: give --action')
    .option('--action <action>', 'approve, reject, add-span or wrong-span')
    .option('--message <index>', 'add-span: index of the message')
    .option('--start <offset>', 'add-span: first UTF-16 unit of the shown text')
    .option('--end <offset>', 'add-span: the unit after the last')
    .option('--type <type>', `add-span: ${ENTITY_TYPES.slice(0, 3).join(', ')}, ...`)
    .option('--span <index>', 'wrong-span: index into the spans of the item')
    .addHelpText('after', DECIDE_EXAMPLES)
    .action(async (id: string, options: DecideOptions, command: Command) => {
      const app = appOf(command);
      const { opened, before, decisions } = await withWorkspace(app, async (workspace) => {
        const found = await openReview(workspace, id);
        await requireSigner(workspace, found, options.as);
        const drafts = await readDrafts(workspace, found);
        const kept = draftOf(drafts, options.as);
        const draft = await draftFrom(found, kept, options);
        const person = await unlockPerson(workspace.stores.identityDir, options.as);
        await saveDraft(workspace, found, draft, person);
        noteIgnored(app, drafts);
        return { opened: found, before: kept.decisions, decisions: draft.decisions };
      });
      const open = opened.batch.items.filter(
        ({ id: item }) => decisionsOfItem(decisions, item).length === 0,
      );
      app.emit({ id: opened.id, decisions, openItems: open.map((item) => item.id) }, () =>
        [
          describeChanged(opened, before, decisions, options.approveAll === true),
          `draft kept, ${String(open.length)} items open; sign: custos review sign ${opened.id} --as ${options.as}`,
        ].join('\n'),
      );
    });
}

interface SignOptions {
  readonly as: string;
  readonly file?: string;
  readonly refuse?: boolean;
  readonly yes?: boolean;
}

/**
 * The signer's own draft, whole: nobody else's is signed for.
 * @throws CliError REVIEW_REFUSED when it leaves items open
 */
async function ownDraft(
  app: App,
  workspace: Workspace,
  opened: ReviewCase,
  { as: subject, refuse }: SignOptions,
): Promise<Work> {
  const drafts = await readDrafts(workspace, opened);
  const work = draftOf(drafts, subject);
  const { decisions } = work;
  noteIgnored(app, drafts);
  const { items } = opened.batch;
  const open = items.filter(({ id }) => decisionsOfItem(decisions, id).length === 0);
  if (open.length === 0 || refuse === true) return work;
  const what =
    decisions.length === 0
      ? `${subject} has no draft of this batch`
      : `${subject}'s draft leaves ${String(open.length)} of ${String(items.length)} items open`;
  throw new CliError(
    'REVIEW_REFUSED',
    `${what}; decide first: custos review open ${opened.id} --as ${subject}, or custos review decide`,
  );
}

/** `custos review sign`. */
export function registerReviewSign(review: Command): void {
  review
    .command('sign <id>')
    .description("Sign your own draft's or a file's decisions; asks for the passphrase every time.")
    .requiredOption('--as <person>', 'who signs (see "custos identity list")')
    .option('--file <decisions.json>', 'these decisions instead of your draft')
    .option('--refuse', 'refuse the whole batch')
    .option('--yes', 'do not ask whether the meaning of the signature is meant')
    .addHelpText('after', SIGN_EXAMPLES)
    .action(async (id: string, options: SignOptions, command: Command) => {
      const app = appOf(command);
      const verdict = options.refuse === true ? 'refused' : 'approved';
      const { as: subject, file } = options;
      const said = await withWorkspace(app, async (workspace) => {
        const opened = await openReview(workspace, id);
        await requireSigner(workspace, opened, subject);
        const work =
          file === undefined
            ? await ownDraft(app, workspace, opened, options)
            : { decisions: await readDecisions(file, opened), unseen: [] };
        const decided = decidedOf(startReview(opened.batch.items, work));
        if (options.yes !== true) await confirmSignature(verdict, subject, opened, decided);
        const person = await unlockPerson(workspace.stores.identityDir, subject);
        const signed = decisionsFor(opened.batch, work.decisions);
        const { unseen } = decided;
        await signReview(workspace, opened, signed, { verdict, person, unseen });
        return describeSigned(workspace, opened, person);
      });
      app.emit({ id, verdict, signer: subject, statement: said }, () => said);
    });
}
