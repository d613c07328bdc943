import { afterAll, expect, it, vi } from 'vitest';
import { startBackend } from '../backend.js';

afterAll(() => vi.unstubAllEnvs());

it.runIf(process.platform === 'linux')(
  'is refused without a device, with what to install',
  async () => {
    // Vulkan's loader takes its drivers from these files alone.
    vi.stubEnv('VK_ICD_FILENAMES', '/nonexistent.json');
    vi.stubEnv('VK_DRIVER_FILES', '/nonexistent.json');
    await expect(startBackend('webgpu', 1)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/found no device: install .*libvulkan1/) as string,
    });
  },
);
