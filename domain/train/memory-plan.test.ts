import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LORA_MODULES, parseModelConfig } from '../model/index.js';
import { planMemory, requireMemory, type MemoryRequest } from './memory-plan.js';

interface Measured {
  readonly config: Readonly<Record<string, unknown>>;
  readonly quantization: 'none' | 'nf4-double';
  readonly recompute: boolean;
  readonly sequences: number;
  readonly tokens: number;
  readonly peakRssBytes: number;
  readonly dropout?: number;
  readonly dora?: boolean;
}

/** What `npm run bench train` measured, by model. */
const { measured } = JSON.parse(
  readFileSync(new URL('../../bench/results/train-memory.json', import.meta.url), 'utf8'),
) as { readonly measured: Readonly<Record<string, readonly Measured[]>> };

function requestOf({
  config,
  quantization,
  recompute,
  sequences,
  tokens,
  dropout = 0,
  dora = false,
}: Measured): MemoryRequest {
  return {
    config: parseModelConfig(config),
    settings: {
      r: 16,
      targetModules: LORA_MODULES,
      optimizer: 'adamw',
      quantization,
      dropout,
      dora,
    },
    passTokens: sequences * tokens,
    longest: tokens,
    recompute,
  };
}

const CASES = Object.entries(measured).flatMap(([model, runs]) =>
  runs.map((run) => ({
    model,
    run,
    kind: `${run.quantization}, recompute ${String(run.recompute)}, dropout ${String(run.dropout ?? 0)}, DoRA ${String(run.dora ?? false)}`,
  })),
);

describe('planMemory', () => {
  it.each(CASES)('predicts the measured peak of $model ($kind) to 15%', ({ run }) => {
    const { total } = planMemory(requestOf(run));
    expect(Math.abs(total / run.peakRssBytes - 1)).toBeLessThan(0.15);
  });

  it.each(['adamw_8bit', 'paged_adamw_8bit'] as const)(
    'counts the moments of %s as bytes',
    (optimizer) => {
      const request = requestOf((CASES[0] as (typeof CASES)[0]).run);
      const bytes = {
        ...request,
        settings: { ...request.settings, optimizer },
      };
      expect(planMemory(bytes).adapter).toBeLessThan(planMemory(request).adapter);
    },
  );
});

describe('requireMemory', () => {
  const request = {
    ...requestOf((CASES[0] as (typeof CASES)[0]).run),
    recompute: false,
  };
  const { total } = planMemory(request);

  it('lets through what fits', () => {
    expect(requireMemory(request, total).total).toBe(total);
  });

  it.each([
    [0.9, /would fit in .* with recomputing activations\./],
    [0.4, /with recomputing activations and quantization nf4-double/],
    [0.34, /and shorter sequences \(\/tokenize\/maxLength\), half as long\./],
    [0.1, /A smaller model, or a machine with 1\.1 GiB/],
  ])('refuses with %d of what is needed, and says what would fit', (share, says) => {
    expect(() => requireMemory(request, share * total)).toThrow(
      expect.objectContaining({
        code: 'MEMORY_TOO_SMALL',
        message: expect.stringMatching(says) as string,
      }) as Error,
    );
  });
});
