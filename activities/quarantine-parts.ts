import { encodeLines } from '../domain/record/index.js';
import type { ArtifactRef, QuarantineEntry } from '../schemas/index.js';
import type { StepContext } from './context.js';

/** A part of the quarantine is put when it has so many rows or bytes. */
const PART_ROWS = 16_384;
const PART_BYTES = 8 * 2 ** 20;

export interface QuarantineOutputs {
  readonly quarantine: ArtifactRef | ArtifactRef[];
  readonly quarantineRows: ArtifactRef | ArtifactRef[];
}

/** Collects bad rows into parts of bounded size: entries, and apart from them the rows' bytes. */
export function openQuarantine(context: Pick<StepContext, 'put'>) {
  const quarantine: ArtifactRef[] = [];
  const quarantineRows: ArtifactRef[] = [];
  let entries: QuarantineEntry[] = [];
  let rows: string[] = [];
  let sizeBytes = 0;
  const close = async (): Promise<void> => {
    const [part, text] = [encodeLines(entries), rows.map((row) => `${row}\n`).join('')];
    [entries, rows, sizeBytes] = [[], [], 0];
    quarantine.push(await context.put(part, 'raw', 'application/vnd.custos.quarantine+jsonl'));
    quarantineRows.push(await context.put(text, 'raw', 'application/vnd.custos.quarantine-rows'));
  };
  return {
    add: async (entry: QuarantineEntry, raw: Uint8Array): Promise<void> => {
      entries.push(entry);
      rows.push(Buffer.from(raw).toString('base64'));
      sizeBytes += raw.length;
      if (entries.length >= PART_ROWS || sizeBytes >= PART_BYTES) await close();
    },
    /** One reference where one part is enough, as it nearly always is. */
    finish: async (): Promise<QuarantineOutputs> => {
      if (entries.length > 0 || quarantine.length === 0) await close();
      const single = (parts: ArtifactRef[]) => (parts.length === 1 ? (parts[0] ?? parts) : parts);
      return { quarantine: single(quarantine), quarantineRows: single(quarantineRows) };
    },
  };
}
