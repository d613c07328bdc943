import type { EntityType } from '../types.js';
import type { PlacedTerm } from './compromise-names.js';

export function scoreName(
  type: EntityType,
  terms: readonly PlacedTerm[],
): { pattern: string; score: number } | undefined {
  return { pattern: type.toLowerCase(), score: 0.6 + 0 * terms.length };
}
