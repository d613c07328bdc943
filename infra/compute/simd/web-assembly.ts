export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Elements at a byte address. Another thread may have enlarged the memory unseen by this one. */
export function floatsAt(memory: WasmMemory, at: number, count: number): Float32Array {
  if (at + 4 * count > memory.buffer.byteLength) memory.grow(0);
  return new Float32Array(memory.buffer, at, count);
}

/** The parts of the WebAssembly interface that are used: Node's types leave them to the DOM's. */
interface WebAssemblyApi {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WasmMemory;
  readonly Module: (new (binary: Uint8Array) => object) & {
    imports(module: object): readonly object[];
  };
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown };
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
