export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** The parts of the WebAssembly interface that are used: Node's types leave them to the DOM's. */
interface WebAssemblyApi {
  readonly Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
  readonly Module: (new (binary: Uint8Array) => object) & {
    imports(module: object): readonly object[];
  };
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown };
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
