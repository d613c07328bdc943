import type { LoraSettings } from '../model/index.js';
import { TrainError } from './errors.js';

const words = (value: unknown) => (Array.isArray(value) ? value.join(', ') : String(value));

/**
 * Refuses to go on from an adapter that computes something else than the policy asks for.
 * @throws TrainError ADAPTER_MISMATCH naming the setting
 */
export function checkInitialAdapter(given: LoraSettings, wanted: LoraSettings): void {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['r', given.r, wanted.r],
    ['alpha', given.alpha, wanted.alpha],
    ['targetModules', [...given.targetModules].sort(), [...wanted.targetModules].sort()],
    ['rsLora', given.rsLora ?? false, wanted.rsLora ?? false],
    ['dora', given.dora ?? false, wanted.dora ?? false],
  ];
  const broken = pairs.find(([, has, wants]) => words(has) !== words(wants));
  if (broken === undefined) return;
  const [name, has, wants] = broken;
  throw new TrainError(
    'ADAPTER_MISMATCH',
    `The adapter to start from has ${name} ${words(has)}, the policy has /train/${name} ${words(wants)}; set them equal or start without it.`,
  );
}
