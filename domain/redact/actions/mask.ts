import type { ActionSettings } from '../../../policies/index.js';

const CLUSTER = /[\p{L}\p{N}]\p{M}*/gu;

/** All letters and digits but some become `*`; what stands between them stays. */
export function mask(value: string, { keep, side }: Pick<ActionSettings, 'keep' | 'side'>): string {
  const count = value.match(CLUSTER)?.length ?? 0;
  const kept = Math.min(keep, Math.floor(count / 2));
  let at = 0;
  return value.replace(CLUSTER, (cluster) => {
    const place = side === 'end' ? count - at : at + 1;
    at += 1;
    return place <= kept ? cluster : '*';
  });
}
