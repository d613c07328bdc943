import { resolve } from 'node:path';
import type { Command } from 'commander';
import { buildBundle, verifyBundle } from '../../domain/evidence/index.js';
import type { EvidenceManifest, VerificationReport } from '../../schemas/index.js';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { collectEvidence } from '../evidence-parts.js';
import { EXIT } from '../exit-codes.js';
import { folderReader, folderWriter, makeEmptyFolder } from '../folders.js';
import { keyringOf, writeKeyring } from '../keyring.js';
import { describeFailures } from '../verification.js';

interface ExportOptions {
  readonly out: string;
  readonly keyring?: string;
}

interface Exported {
  readonly folder: string;
  readonly keyring: string;
  readonly manifest: EvidenceManifest;
  readonly report: VerificationReport;
}

async function exportEvidence(app: App, runId: string, options: ExportOptions): Promise<Exported> {
  const folder = resolve(options.out);
  // Beside the folder, never in it: a bundle must not vouch for its own keys.
  const keyring = resolve(options.keyring ?? `${folder}-keys.json`);
  return withWorkspace(app, async (workspace) => {
    const parts = await collectEvidence(workspace, runId);
    await makeEmptyFolder(folder);
    const manifest = await buildBundle(parts, folderWriter(folder));
    await writeKeyring(keyring, keyringOf(parts.keys));
    const report = await verifyBundle(await folderReader(folder), parts.keys);
    return { folder, keyring, manifest, report };
  });
}

function describe({ folder, keyring, manifest, report }: Exported): string {
  const { adapter, stage, files } = manifest;
  return [
    `evidence of ${manifest.runId}: ${String(files.length)} files in ${folder}`,
    `adapter ${adapter.name} (${stage}) ${adapter.digest}`,
    `public keys: ${keyring}`,
    report.ok ? 'it verifies' : `it does not verify:\n${describeFailures(report)}`,
    'hand the public keys over by another way than the folder: who forges one could forge both',
    `check it anywhere: custos verify ${folder} --offline --key ${keyring}`,
  ].join('\n');
}

export const registerEvidence: RegisterCommand = (program) => {
  program
    .command('evidence')
    .description('Evidence that verifies without this store.')
    .command('export <run>')
    .description('Write signatures, ledger proof, reports and adapter of a run to a folder.')
    .requiredOption('--out <dir>', 'a folder that does not exist yet, or is empty')
    .option('--keyring <file>', 'where the public keys go (default DIR-keys.json)')
    .addHelpText(
      'after',
      `
Example:
  custos evidence export RUN --out evidence
  custos verify evidence --offline --key evidence-keys.json

The folder holds the adapter and no record. Hand the keys over on another way than the folder.`,
    )
    .action(async (runId: string, options: ExportOptions, command: Command) => {
      const app = appOf(command);
      const exported = await exportEvidence(app, runId, options);
      app.emit(exported, () => describe(exported));
      if (!exported.report.ok) process.exitCode = EXIT.unverified;
    });
};
