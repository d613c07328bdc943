/** Rotary position embedding parameters, normalized over the forms of transformers 4 and 5. */
export type RopeSettings =
  | { readonly type: 'default'; readonly theta: number }
  | { readonly type: 'linear'; readonly theta: number; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly theta: number;
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalMaxPositions: number;
    };

/**
 * Inverse frequencies theta^(-2i/d), scaled as the type says, in float32.
 * Source: transformers 5.23 modeling_rope_utils.
 * @returns headDim / 2 radians per position
 */
export function inverseFrequencies(rope: RopeSettings, headDim: number): Float32Array {
  const base = Float32Array.from(
    { length: headDim / 2 },
    (_, i) => 1 / Math.fround(rope.theta ** ((2 * i) / headDim)),
  );
  if (rope.type === 'linear') return base.map((f) => f / rope.factor);
  if (rope.type === 'default') return base;
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high } = rope;
  return base.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < rope.originalMaxPositions / high) return frequency;
    if (wavelength > rope.originalMaxPositions / low) return frequency / factor;
    const smooth = (rope.originalMaxPositions / wavelength - low) / (high - low);
    return frequency * ((1 - smooth) / factor + smooth);
  });
}

/** Cosines and sines of every position, shape [positions, headDim / 2] each, row-major. */
export function rotationTable(
  rope: RopeSettings,
  headDim: number,
  positions: number,
): { readonly cos: Float32Array; readonly sin: Float32Array } {
  const inverse = inverseFrequencies(rope, headDim);
  const half = inverse.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let p = 0; p < positions; p++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(p * (inverse[i] ?? 0));
      cos[p * half + i] = Math.cos(angle);
      sin[p * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
