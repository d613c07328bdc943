import {
  check,
  SchemaError,
  validateDsseEnvelope,
  validateTrainingCheckpoint,
  type CheckpointState,
  type TrainingCheckpoint,
} from '../../schemas/index.js';
import { parseJson, signEnvelope, verifyEnvelope } from '../evidence/index.js';
import { canonicalBytes, LineageError, type Signer, type TrustedKey } from '../lineage/index.js';
import { TrainError } from './errors.js';

const PAYLOAD_TYPE = 'application/vnd.custos.checkpoint+json';

/** The bytes of a checkpoint's document: a DSSE envelope with the worker's signature. */
export async function signCheckpointDocument(
  signer: Signer,
  checkpoint: Omit<TrainingCheckpoint, 'schema'>,
): Promise<Uint8Array> {
  const payload = canonicalBytes({ schema: 'custos.checkpoint.v1', ...checkpoint });
  return canonicalBytes(await signEnvelope(signer, PAYLOAD_TYPE, payload));
}

/**
 * What a trusted worker signed as a checkpoint of the training with `memoKey`.
 * @param where names the document in errors; digests and numbers only
 * @throws TrainError CHECKPOINT_INVALID; its cause is SIGNATURE_INVALID, EVIDENCE_INVALID or SCHEMA_INVALID
 */
export function openCheckpointDocument(
  bytes: Uint8Array,
  keys: readonly TrustedKey[],
  memoKey: string,
  where: string,
): TrainingCheckpoint {
  try {
    const envelope = check(validateDsseEnvelope, parseJson(bytes, where), where);
    const payload = verifyEnvelope(envelope, keys, { payloadType: PAYLOAD_TYPE, use: 'worker' });
    const signed = check(validateTrainingCheckpoint, parseJson(payload, where), where);
    if (signed.memoKey === memoKey) return signed;
  } catch (cause) {
    if (!(cause instanceof LineageError || cause instanceof SchemaError)) throw cause;
    throw new TrainError('CHECKPOINT_INVALID', `${where} cannot be believed (${cause.code}).`, {
      cause,
    });
  }
  throw new TrainError('CHECKPOINT_INVALID', `${where} belongs to another training.`);
}

/**
 * Refuses a state that a training of `totalSteps` never stores: before its first step, at or past
 * its last, or with figures of other steps than it says it took.
 * @throws TrainError CHECKPOINT_INVALID
 */
export function requireUnfinished(
  { step, steps, evaluations }: CheckpointState,
  totalSteps: number,
): void {
  const inside = step > 0 && step < totalSteps;
  const whole = steps.length === step && steps.every((row, i) => row.step === i + 1);
  const measured = evaluations.every(
    (row, i) => row.step <= step && row.step > (evaluations[i - 1]?.step ?? -1),
  );
  if (inside && whole && measured) return;
  throw new TrainError(
    'CHECKPOINT_INVALID',
    `A checkpoint at step ${String(step)} of ${String(totalSteps)} is none that this training stores.`,
  );
}
