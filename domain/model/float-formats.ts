/** Conversions between float32 and the 16-bit formats of checkpoints; all exact or round-to-nearest-even. */

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** Rounds a float32 to the nearest bfloat16 (ties to even), returned as a float32 value. */
export function roundToBfloat16(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0] ?? 0;
  if (Number.isNaN(value)) return value;
  const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  scratchBits[0] = rounded >>> 0;
  return scratchFloat[0];
}

/** Rounds to the nearest IEEE binary16 (ties to even), returned as a float32 value. */
export function roundToFloat16(value: number): number {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value) || magnitude === 0) return value;
  if (magnitude >= 65520) return value > 0 ? Infinity : -Infinity;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const unit = 2 ** (exponent - 10);
  const scaled = magnitude / unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  return Math.sign(value) * (floor + (up ? 1 : 0)) * unit;
}

/** Widens bfloat16 words (little endian, two bytes each) to float32. */
export function decodeBfloat16(bytes: Uint8Array): Float32Array {
  const out = new Uint32Array(bytes.length >> 1);
  for (let i = 0; i < out.length; i++) {
    out[i] = (((bytes[2 * i + 1] ?? 0) << 24) | ((bytes[2 * i] ?? 0) << 16)) >>> 0;
  }
  return new Float32Array(out.buffer);
}

/** Widens IEEE binary16 words (little endian) to float32. */
export function decodeFloat16(bytes: Uint8Array): Float32Array {
  const out = new Float32Array(bytes.length >> 1);
  for (let i = 0; i < out.length; i++) {
    const word = (bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8);
    out[i] = float16Value(word);
  }
  return out;
}

function float16Value(word: number): number {
  const sign = (word & 0x8000) === 0 ? 1 : -1;
  const exponent = (word >>> 10) & 0x1f;
  const mantissa = word & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
