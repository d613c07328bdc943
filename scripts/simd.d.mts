/** The module's bytes, without data of their own. */
export function compileKernels(): Promise<Uint8Array>;
/** The source text of kernels.wasm.ts. */
export function moduleText(binary: Uint8Array): string;
