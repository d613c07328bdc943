const UNLOADABLE = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

/** The package of a path below node_modules, or of a bare specifier. */
function packageOf(text: string): string | undefined {
  const path = text.split('node_modules/').at(-1) ?? '';
  return /^(@[\w.-]+\/)?[\w.-]+/.exec(path)?.[0];
}

/**
 * Says which package could not be loaded and how to get it; undefined for any other error. Reads
 * names and paths only: no record is near a module loader.
 */
export function describeMissingRuntime(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (typeof error.code !== 'string' || !UNLOADABLE.has(error.code)) return undefined;
  const named =
    /Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1] ?? error.message;
  const name = packageOf(named) ?? 'a package';
  return (
    `the package ${name} cannot be loaded on ${process.platform}-${process.arch} with Node ` +
    `${process.versions.node}; in the folder of Custos run "npm ci", without a network ` +
    '"npm ci --onnxruntime-node-install=skip", then "custos doctor"'
  );
}
