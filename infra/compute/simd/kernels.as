// The engine's fused kernels for the wasm heap, four float32 at a time (AssemblyScript).
// Every pointer is a byte address of row-major float32. Sums run in float64. Plain SIMD without
// relaxed instructions: equal inputs give equal bits on every machine.
// Compile with "npm run simd" after a change; the JavaScript kernels say what each computes.

// @ts-ignore: decorator
@inline
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
function sum4(sum: v128, v: v128): v128 {
  return f64x2.add(sum, f64x2.add(low(v), high(v)));
}

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

// 1.5 * 2^23: a float32 of that size is a multiple of 1, so adding it rounds to an integer, which then
// lies in the lowest bits.
const ROUNDER: f32 = 12582912;

// e^x to within 2e-7 relative for x in [-87, 88]; 0 below. Source: Cephes expf (Moshier).
// pmin and pmax keep a first argument that is not a number.
// @ts-ignore: decorator
@inline
function exp4(x: v128): v128 {
  const y = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(88));
  const m = madd(y, f32x4.splat(1.44269504088896341), f32x4.splat(ROUNDER));
  const n = f32x4.sub(m, f32x4.splat(ROUNDER));
  let r = f32x4.sub(y, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = madd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(m, i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, f32x4.splat(-87)));
}

// @ts-ignore: decorator
@inline
function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

export function largestOf(x: usize, count: i32): f32 {
  let most = f32x4.splat(-Infinity);
  let i = 0;
  for (; i + 4 <= count; i += 4) most = f32x4.pmax(most, v128.load(x + (<usize>i << 2)));
  let out = max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  for (; i < count; i++) out = max(out, load<f32>(x + (<usize>i << 2)));
  return out;
}

// out = exp(scale * (x - largest)); returns the sum.
function expInto(x: usize, out: usize, count: i32, largest: f32, scale: f32): f64 {
  const top = f32x4.splat(largest);
  const factor = f32x4.splat(scale);
  let sum = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    const e = exp4(f32x4.mul(f32x4.sub(v128.load(x + at), top), factor));
    v128.store(out + at, e);
    sum = sum4(sum, e);
  }
  let all = total(sum);
  for (; i < count; i++) {
    const at = <usize>i << 2;
    const e = exp1((load<f32>(x + at) - largest) * scale);
    store<f32>(out + at, e);
    all += e;
  }
  return all;
}

export function scaleBy(x: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = x + (<usize>i << 2);
    v128.store(at, f32x4.mul(v128.load(at), f));
  }
  for (; i < count; i++) {
    const at = x + (<usize>i << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

// First visible key and number of visible keys of row `index`; window 0 means all before it.
// @ts-ignore: decorator
@inline
function visibleOf(index: i32, queries: i32, offset: i32): i32 {
  return offset + (index % queries) + 1;
}

// @ts-ignore: decorator
@inline
function firstOf(visible: i32, window: i32): i32 {
  return window == 0 ? 0 : max(0, visible - window);
}

export function causalSoftmax(
  scores: usize,
  p: usize,
  rows: i32,
  keys: i32,
  queries: i32,
  offset: i32,
  window: i32,
  scale: f32,
): void {
  for (let index = 0; index < rows; index++) {
    const visible = visibleOf(index, queries, offset);
    const first = firstOf(visible, window);
    const row = (<usize>index * <usize>keys) << 2;
    const begin = row + (<usize>first << 2);
    const count = visible - first;
    const sum = expInto(scores + begin, p + begin, count, largestOf(scores + begin, count), scale);
    scaleBy(p + begin, count, <f32>(1.0 / sum));
    memory.fill(p + row, 0, <usize>first << 2);
    memory.fill(p + row + (<usize>visible << 2), 0, <usize>(keys - visible) << 2);
  }
}

function dot(a: usize, b: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    sum = sum4(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  }
  let all = total(sum);
  for (; i < count; i++) {
    const at = <usize>i << 2;
    all += <f64>(load<f32>(a + at) * load<f32>(b + at));
  }
  return all;
}

export function causalSoftmaxGrad(
  p: usize,
  dp: usize,
  ds: usize,
  rows: i32,
  keys: i32,
  queries: i32,
  offset: i32,
  window: i32,
  scale: f32,
): void {
  for (let index = 0; index < rows; index++) {
    const visible = visibleOf(index, queries, offset);
    const first = firstOf(visible, window);
    const row = (<usize>index * <usize>keys) << 2;
    const begin = row + (<usize>first << 2);
    const count = visible - first;
    const mean = <f32>dot(p + begin, dp + begin, count);
    const m = f32x4.splat(mean);
    const s = f32x4.splat(scale);
    let i = 0;
    for (; i + 4 <= count; i += 4) {
      const at = begin + (<usize>i << 2);
      const slope = f32x4.mul(f32x4.mul(s, v128.load(p + at)), f32x4.sub(v128.load(dp + at), m));
      v128.store(ds + at, slope);
    }
    for (; i < count; i++) {
      const at = begin + (<usize>i << 2);
      store<f32>(ds + at, scale * load<f32>(p + at) * (load<f32>(dp + at) - mean));
    }
    memory.fill(ds + row, 0, <usize>first << 2);
    memory.fill(ds + row + (<usize>visible << 2), 0, <usize>(keys - visible) << 2);
  }
}

export function rmsNorm(x: usize, w: usize, y: usize, rows: i32, width: i32, epsilon: f64): void {
  for (let row = 0; row < rows; row++) {
    const begin = (<usize>row * <usize>width) << 2;
    const inverse = <f32>(1.0 / sqrt(dot(x + begin, x + begin, width) / <f64>width + epsilon));
    const factor = f32x4.splat(inverse);
    let i = 0;
    for (; i + 4 <= width; i += 4) {
      const at = <usize>i << 2;
      const scaled = f32x4.mul(v128.load(x + begin + at), factor);
      v128.store(y + begin + at, f32x4.mul(scaled, v128.load(w + at)));
    }
    for (; i < width; i++) {
      const at = <usize>i << 2;
      store<f32>(y + begin + at, load<f32>(x + begin + at) * inverse * load<f32>(w + at));
    }
  }
}

export function rmsNormGrad(
  x: usize,
  w: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  width: i32,
  epsilon: f64,
): void {
  for (let row = 0; row < rows; row++) {
    const begin = (<usize>row * <usize>width) << 2;
    const inverse = 1.0 / sqrt(dot(x + begin, x + begin, width) / <f64>width + epsilon);
    // g = w * dy is written where dx goes.
    let i = 0;
    for (; i + 4 <= width; i += 4) {
      const at = <usize>i << 2;
      v128.store(dx + begin + at, f32x4.mul(v128.load(w + at), v128.load(dy + begin + at)));
    }
    for (; i < width; i++) {
      const at = <usize>i << 2;
      store<f32>(dx + begin + at, load<f32>(w + at) * load<f32>(dy + begin + at));
    }
    const pull = <f32>((dot(x + begin, dx + begin, width) * inverse * inverse) / <f64>width);
    const k = f32x4.splat(pull);
    const f = f32x4.splat(<f32>inverse);
    for (i = 0; i + 4 <= width; i += 4) {
      const at = begin + (<usize>i << 2);
      const rest = f32x4.sub(v128.load(dx + at), f32x4.mul(v128.load(x + at), k));
      v128.store(dx + at, f32x4.mul(f, rest));
    }
    for (; i < width; i++) {
      const at = begin + (<usize>i << 2);
      store<f32>(dx + at, <f32>inverse * (load<f32>(dx + at) - load<f32>(x + at) * pull));
    }
  }
}

export function swiglu(gate: usize, up: usize, sigmoid: usize, y: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    const silu = f32x4.mul(v128.load(gate + at), v128.load(sigmoid + at));
    v128.store(y + at, f32x4.mul(silu, v128.load(up + at)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    store<f32>(y + at, load<f32>(gate + at) * load<f32>(sigmoid + at) * load<f32>(up + at));
  }
}

// @ts-ignore: decorator
@inline
function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

// gate * sigmoid(gate) * up
export function silu(gate: usize, up: usize, y: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    const g = v128.load(gate + at);
    v128.store(y + at, f32x4.mul(f32x4.mul(g, sigmoid4(g)), v128.load(up + at)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    const g = load<f32>(gate + at);
    const s = f32x4.extract_lane(sigmoid4(f32x4.splat(g)), 0);
    store<f32>(y + at, g * s * load<f32>(up + at));
  }
}

export function siluGrad(
  gate: usize,
  up: usize,
  dy: usize,
  dGate: usize,
  dUp: usize,
  count: i32,
): void {
  const one = f32x4.splat(1);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    const g = v128.load(gate + at);
    const s = sigmoid4(g);
    const slope = f32x4.mul(v128.load(dy + at), s);
    const bend = madd(g, f32x4.sub(one, s), one);
    const u = v128.load(up + at);
    v128.store(dUp + at, f32x4.mul(slope, g));
    v128.store(dGate + at, f32x4.mul(f32x4.mul(slope, u), bend));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    const g = load<f32>(gate + at);
    const s = f32x4.extract_lane(sigmoid4(f32x4.splat(g)), 0);
    const slope = load<f32>(dy + at) * s;
    const u = load<f32>(up + at);
    store<f32>(dUp + at, slope * g);
    store<f32>(dGate + at, slope * u * (g * (1 - s) + 1));
  }
}

export function add(a: usize, b: usize, y: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    v128.store(y + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    store<f32>(y + at, load<f32>(a + at) + load<f32>(b + at));
  }
}

export function multiply(a: usize, b: usize, y: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    v128.store(y + at, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    store<f32>(y + at, load<f32>(a + at) * load<f32>(b + at));
  }
}

// y = the sum of `parts` arrays of `count` that lie one after another, added in their order.
export function sumParts(x: usize, y: usize, count: i32, parts: i32): void {
  memory.copy(y, x, <usize>count << 2);
  for (let part = 1; part < parts; part++) add(y, x + ((<usize>part * <usize>count) << 2), y, count);
}

// One head's row: its halves rotated by the position's angle. `sign` is 1, -1, or 0 for a copy.
// @ts-ignore: decorator
@inline
function turn(from: usize, to: usize, cos: usize, sin: usize, half: i32, sign: f32): void {
  const halfBytes = <usize>half << 2;
  const direction = f32x4.splat(sign);
  let i = 0;
  for (; i + 4 <= half; i += 4) {
    const at = <usize>i << 2;
    const c = v128.load(cos + at);
    const s = f32x4.mul(v128.load(sin + at), direction);
    const x1 = v128.load(from + at);
    const x2 = v128.load(from + halfBytes + at);
    v128.store(to + at, f32x4.sub(f32x4.mul(x1, c), f32x4.mul(x2, s)));
    v128.store(to + halfBytes + at, f32x4.add(f32x4.mul(x2, c), f32x4.mul(x1, s)));
  }
  for (; i < half; i++) {
    const at = <usize>i << 2;
    const c = load<f32>(cos + at);
    const s = load<f32>(sin + at) * sign;
    const x1 = load<f32>(from + at);
    const x2 = load<f32>(from + halfBytes + at);
    store<f32>(to + at, x1 * c - x2 * s);
    store<f32>(to + halfBytes + at, x2 * c + x1 * s);
  }
}

// Rows of heads (headDim each, one after another) to parts [heads, count, headDim], or back when
// toRows is 1. Strides are in bytes: from one row, and from one part, to the next.
export function moveHeads(
  rows: usize,
  parts: usize,
  cos: usize,
  sin: usize,
  count: i32,
  heads: i32,
  headDim: i32,
  rowStride: usize,
  partStride: usize,
  sign: f32,
  toRows: i32,
): void {
  const half = headDim >> 1;
  const bytes = <usize>headDim << 2;
  for (let h = 0; h < heads; h++) {
    for (let s = 0; s < count; s++) {
      const row = rows + <usize>s * rowStride + <usize>h * bytes;
      const part = parts + <usize>h * partStride + <usize>s * bytes;
      const from = toRows ? part : row;
      const to = toRows ? row : part;
      const angle = (<usize>s * <usize>half) << 2;
      if (sign == 0) memory.copy(to, from, bytes);
      else turn(from, to, cos + angle, sin + angle, half, sign);
    }
  }
}

// Writes weight * (softmax - onehot) where out goes (it may be x) and returns the sum of
// exp(x - largest); the row's loss is log(sum) + largest - x[label].
export function crossEntropyRow(
  x: usize,
  out: usize,
  width: i32,
  label: i32,
  weight: f32,
  largest: f32,
): f64 {
  const sum = expInto(x, out, width, largest, 1);
  scaleBy(out, width, <f32>(<f64>weight / sum));
  const target = out + (<usize>label << 2);
  store<f32>(target, load<f32>(target) - weight);
  return sum;
}

// The sum of exp(x - largest) of a row.
export function sumOfExp(x: usize, count: i32, largest: f32): f64 {
  const top = f32x4.splat(largest);
  let sum = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4)
    sum = sum4(sum, exp4(f32x4.sub(v128.load(x + (<usize>i << 2)), top)));
  let all = total(sum);
  for (; i < count; i++) all += exp1(load<f32>(x + (<usize>i << 2)) - largest);
  return all;
}

// Rounds float32 to dtype 0 (float32), 1 (bfloat16) or 2 (float16), to nearest and ties to even.
// @ts-ignore: decorator
@inline
function round4(x: v128, dtype: i32): v128 {
  if (dtype == 0) return x;
  if (dtype == 1) {
    const odd = v128.and(i32x4.shr_u(x, 16), i32x4.splat(1));
    const up = i32x4.add(i32x4.add(x, i32x4.splat(0x7fff)), odd);
    return v128.and(up, i32x4.splat(<i32>0xffff0000));
  }
  const size = v128.and(x, i32x4.splat(0x7fffffff));
  const odd = v128.and(i32x4.shr_u(size, 13), i32x4.splat(1));
  const up = i32x4.add(i32x4.add(size, i32x4.splat(0xfff)), odd);
  let out = v128.and(up, i32x4.splat(<i32>0xffffe000));
  const huge = i32x4.ge_s(out, i32x4.splat(0x47800000));
  out = v128.bitselect(i32x4.splat(0x7f800000), out, huge);
  // Below 2^-14 a float16 is a multiple of 2^-24, as a float32 from a half to one is.
  const half = f32x4.splat(0.5);
  const small = f32x4.sub(f32x4.add(size, half), half);
  out = v128.bitselect(small, out, i32x4.lt_s(size, i32x4.splat(0x38800000)));
  return v128.or(out, v128.and(x, i32x4.splat(<i32>0x80000000)));
}

// @ts-ignore: decorator
@inline
function scaled4(code: usize, at: usize, scale: v128, dtype: i32): v128 {
  return round4(f32x4.mul(v128.load(code + at), scale), dtype);
}

// Elements begin to end of an NF4 matrix, of one code each, in a block's scale: `begin` starts a
// block. The code's values are scaled once a block, and looked up byte by byte.
export function dequantize(
  packed: usize,
  scales: usize,
  code: usize,
  out: usize,
  begin: i32,
  end: i32,
  blockSize: i32,
  dtype: i32,
): void {
  for (let block = begin; block < end; block += blockSize) {
    const scale = v128.load32_splat(scales + (<usize>(block / blockSize) << 2));
    const t0 = scaled4(code, 0, scale, dtype);
    const t1 = scaled4(code, 16, scale, dtype);
    const t2 = scaled4(code, 32, scale, dtype);
    const t3 = scaled4(code, 48, scale, dtype);
    // The lowest two bytes of eight values, then their highest two.
    const a = i8x16.shuffle(t0, t1, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    const b = i8x16.shuffle(t2, t3, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    const c = i8x16.shuffle(t0, t1, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    const d = i8x16.shuffle(t2, t3, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    const byte0 = i64x2.shuffle(a, b, 0, 2);
    const byte1 = i64x2.shuffle(a, b, 1, 3);
    const byte2 = i64x2.shuffle(c, d, 0, 2);
    const byte3 = i64x2.shuffle(c, d, 1, 3);
    const stop = min(block + blockSize, end);
    let i = block;
    // A byte holds two codes, so an odd beginning is not read in bytes.
    if ((block & 1) == 0) {
      for (; i + 16 <= stop; i += 16) {
        const bytes = v128.load64_zero(packed + (<usize>i >> 1));
        const high = i8x16.shr_u(bytes, 4);
        const low = v128.and(bytes, i8x16.splat(15));
        const at = i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const b0 = i8x16.swizzle(byte0, at);
        const b1 = i8x16.swizzle(byte1, at);
        const b2 = i8x16.swizzle(byte2, at);
        const b3 = i8x16.swizzle(byte3, at);
        const l0 = i8x16.shuffle(b0, b1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const h0 = i8x16.shuffle(b0, b1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const l1 = i8x16.shuffle(b2, b3, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const h1 = i8x16.shuffle(b2, b3, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const to = out + (<usize>i << 2);
        v128.store(to, i16x8.shuffle(l0, l1, 0, 8, 1, 9, 2, 10, 3, 11));
        v128.store(to, i16x8.shuffle(l0, l1, 4, 12, 5, 13, 6, 14, 7, 15), 16);
        v128.store(to, i16x8.shuffle(h0, h1, 0, 8, 1, 9, 2, 10, 3, 11), 32);
        v128.store(to, i16x8.shuffle(h0, h1, 4, 12, 5, 13, 6, 14, 7, 15), 48);
      }
    }
    for (; i < stop; i++) {
      const byte = <i32>load<u8>(packed + (<usize>i >> 1));
      const at = <usize>(i & 1 ? byte & 15 : byte >> 4) << 2;
      const value = round4(f32x4.mul(v128.load32_splat(code + at), scale), dtype);
      store<f32>(out + (<usize>i << 2), f32x4.extract_lane(value, 0));
    }
  }
}
