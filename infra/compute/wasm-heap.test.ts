import { describe, expect, it } from 'vitest';
import { keepUntilSettled, type Heap } from './wasm-heap.js';

/** An allocator that gives out every address once, and a team that is busy when told so. */
function heapOf() {
  let next = 1024;
  let busy = false;
  const freed: number[] = [];
  const heap: Heap = {
    _malloc: () => 0,
    _free: () => undefined,
    asm: { malloc: (bytes) => (next += bytes) - bytes, free: (at) => freed.push(at) },
  };
  const setBusy = (value: boolean) => (busy = value);
  keepUntilSettled(heap, { busy: () => busy, settle: () => setBusy(false) });
  return { heap, freed, setBusy };
}

describe('keepUntilSettled', () => {
  it('frees at once while nothing is under way', () => {
    const { heap, freed } = heapOf();
    const at = heap._malloc(16);
    heap._free(at);
    expect(freed).toEqual([at]);
  });

  it('gives out again by size what is freed meanwhile, and frees the rest afterwards', () => {
    const { heap, freed, setBusy } = heapOf();
    const [a, b] = [heap._malloc(16), heap._malloc(32)];
    setBusy(true);
    heap._free(a);
    heap._free(b);
    expect(freed).toEqual([]);
    expect(heap._malloc(16)).toBe(a);
    expect(heap._malloc(16)).not.toBe(a);
    setBusy(false);
    heap._malloc(8);
    expect(freed).toEqual([b]);
    heap._free(a);
    expect(freed).toEqual([b, a]);
  });

  it('waits before it frees what was allocated elsewhere', () => {
    const { heap, freed, setBusy } = heapOf();
    setBusy(true);
    const at = heap._malloc(16);
    heap._free(at);
    heap._free(5);
    expect(freed).toEqual([at, 5]);
  });

  it('takes an address above 2 GiB for the same with either sign', () => {
    const { heap, freed, setBusy } = heapOf();
    heap.asm.malloc(3e9);
    const at = heap._malloc(16);
    setBusy(true);
    heap._free(at | 0);
    expect(heap._malloc(16)).toBe(at);
    expect(freed).toEqual([]);
  });
});
