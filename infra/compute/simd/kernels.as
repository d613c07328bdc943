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
