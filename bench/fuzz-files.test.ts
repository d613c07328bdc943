import { describe, expect, it } from 'vitest';
import { FUZZED_FORMATS, fuzzFormat } from './fuzz-files.js';

describe('readers of mutated files', () => {
  it.each(FUZZED_FORMATS)('%s: rows, bad rows or a documented error', async (format) => {
    const figures = await fuzzFormat(format, 200, 11);
    expect(figures.files).toBe(200);
    // The first file is valid: at least its rows come.
    expect(figures.rows).toBeGreaterThan(format === 'text' ? 0 : 39);
    const stopped = Object.values(figures.stopped).reduce((sum, count) => sum + count, 0);
    expect(figures.bad + stopped).toBeGreaterThan(0);
  });
});
