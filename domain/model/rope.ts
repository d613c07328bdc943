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
    }
  | {
      readonly type: 'yarn';
      readonly theta: number;
      readonly factor: number;
      readonly originalMaxPositions: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      /** Whether the bounds of the ramp are rounded to whole dimensions. */
      readonly truncate: boolean;
      /** Multiplies cosines and sines. */
      readonly attentionFactor: number;
    };

type Yarn = Extract<RopeSettings, { type: 'yarn' }>;

/** The factor of YaRN's temperature on cosines and sines, 0.1 m ln(s) + 1 (arXiv 2309.00071, eq. 22). */
export function yarnScale(factor: number, m = 1): number {
  return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
}

/** YaRN: dimensions that turn often keep their frequency, slow ones are interpolated, a ramp between. */
function yarnFrequencies(yarn: Yarn, headDim: number): Float32Array {
  const { theta, factor, originalMaxPositions, betaFast, betaSlow, truncate } = yarn;
  const dimensionOf = (turns: number) =>
    (headDim * Math.log(originalMaxPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [low, high] = [dimensionOf(betaFast), dimensionOf(betaSlow)];
  const from = Math.max(truncate ? Math.floor(low) : low, 0);
  const to = Math.min(truncate ? Math.ceil(high) : high, headDim - 1);
  const width = to === from ? 0.001 : to - from;
  return Float32Array.from({ length: headDim / 2 }, (_, i) => {
    const wavelength = Math.fround(theta ** ((2 * i) / headDim));
    const kept = 1 - Math.min(1, Math.max(0, (i - from) / width));
    return (1 / (factor * wavelength)) * (1 - kept) + (1 / wavelength) * kept;
  });
}

/**
 * Inverse frequencies theta^(-2i/d), scaled as the type says, in float32.
 * Source: transformers 5.23 modeling_rope_utils.
 * @returns headDim / 2 radians per position
 */
export function inverseFrequencies(rope: RopeSettings, headDim: number): Float32Array {
  if (rope.type === 'yarn') return yarnFrequencies(rope, headDim);
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
  const scale = rope.type === 'yarn' ? rope.attentionFactor : 1;
  const half = inverse.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let p = 0; p < positions; p++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(p * (inverse[i] ?? 0));
      cos[p * half + i] = Math.cos(angle) * scale;
      sin[p * half + i] = Math.sin(angle) * scale;
    }
  }
  return { cos, sin };
}
