import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { readValues } from '../../../domain/train/engine/index.js';
import { missingWebgpu } from '../../../test/support/webgpu-device.js';
import { startBackend } from '../backend.js';

const note = missingWebgpu === undefined ? '' : ` (${missingWebgpu})`;

describe.skipIf(missingWebgpu !== undefined)(`a device that fails${note}`, () => {
  it('gives no value any more', async () => {
    await startBackend('webgpu', 1);
    await expect(readValues(tf.ones([2]))).resolves.toEqual(Float32Array.of(1, 1));
    const { device } = tf.backend() as unknown as {
      readonly device: { readonly limits: { readonly maxBufferSize: number } };
    };
    const elements = Math.floor(device.limits.maxBufferSize / 4);
    // Larger than a buffer may be: the device refuses it and computes on.
    const large = tf.fill([2, elements], 1);
    await expect(readValues(tf.slice(large, [0, 0], [1, 4]))).rejects.toMatchObject({
      code: expect.stringMatching(/^(THREAD_FAILED|OUT_OF_MEMORY)$/) as string,
    });
    await expect(readValues(tf.ones([2]))).rejects.toThrow(/GPU/);
  });
});
