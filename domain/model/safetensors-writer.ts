export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** The writer's order of dtypes (descending), as far as this project writes them. */
const ORDER = ['F32', 'I32', 'U8'] as const;

function dtypeOf(data: TensorToWrite['data']): (typeof ORDER)[number] {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

/**
 * Serializes tensors: sorted by dtype (descending) then name, header padded with spaces to 8 bytes.
 * Equal input gives equal bytes. Source: huggingface/safetensors `serialize`.
 */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const sorted = [...tensors].sort((a, b) => {
    const byType = ORDER.indexOf(dtypeOf(a.data)) - ORDER.indexOf(dtypeOf(b.data));
    return byType !== 0 ? byType : a.name < b.name ? -1 : 1;
  });
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, data } of sorted) {
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil((8 + text.length) / 8) * 8 - 8;
  const out = new Uint8Array(8 + headerBytes + end);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerBytes), true);
  out.fill(0x20, 8, 8 + headerBytes);
  out.set(text, 8);
  let at = 8 + headerBytes;
  for (const { data } of sorted) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}
