import { join } from 'node:path';
import type { FoundBinary } from './binary-cache.js';
import type { LocalConfig } from './config.js';
import type { DataDirLayout } from './data-dir.js';
import type { ManagedProcess } from './managed-process.js';
import { LOOPBACK, loopbackUrl } from './ports.js';

/**
 * MinIO on loopback: no console (it would bind all interfaces), no update check, keys from the configuration.
 * It binds every loopback address of the machine, so ::1 beside 127.0.0.1, whatever address it is given.
 */
export function minioProcess(
  binary: FoundBinary,
  layout: DataDirLayout,
  config: LocalConfig,
  port: number,
): ManagedProcess {
  const address = `${LOOPBACK}:${String(port)}`;
  const certificates = join(layout.root, 'minio-certs');
  return {
    name: 'minio',
    command: binary.path,
    args: ['server', '--quiet', '--certs-dir', certificates, '--address', address, layout.minioDir],
    env: {
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      MINIO_ROOT_USER: config.s3.accessKey,
      MINIO_ROOT_PASSWORD: config.s3.secretKey,
      MINIO_KMS_SECRET_KEY: config.s3.kmsKey,
    },
    readiness: { kind: 'http', url: `${loopbackUrl(port)}/minio/health/ready`, port },
    port,
    version: binary.version,
  };
}
