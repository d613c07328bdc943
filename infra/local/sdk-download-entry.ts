import { TestWorkflowEnvironment } from '@temporalio/testing';

// Run as: node sdk-download-entry.js <folder> <version>. The SDK only downloads in order to start a server, so one is
// started on loopback and ended at once.
const [downloadDir, version] = process.argv.slice(2);
if (downloadDir === undefined || version === undefined) process.exit(2);
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { ip: '127.0.0.1', executable: { type: 'cached-download', downloadDir, version } },
  });
  await environment.teardown();
  process.exit(0);
} catch {
  process.exit(1);
}
