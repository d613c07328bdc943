import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from './errors.js';
import { memorySource, openSafetensors } from './safetensors.js';
import { writeSafetensors } from './safetensors-writer.js';

/** A file of a hand-written header and `dataBytes` zero bytes. */
function file(header: string, dataBytes: number, length = header.length): Uint8Array {
  const text = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + text.length + dataBytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.set(text, 8);
  return out;
}
const open = (bytes: Uint8Array) => openSafetensors(memorySource('model.safetensors', bytes));
const tensor = (begin: number, end: number, shape = '[1]', dtype = '"F32"') =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":[${String(begin)},${String(end)}]}`;

describe('openSafetensors', () => {
  it.each([
    ['empty file', new Uint8Array(0)],
    ['header length beyond the file', file('{}', 0, 999)],
    ['header length above the limit', file('{}', 0, 100_000_001)],
    ['header length of zero', file('', 4, 0)],
    ['not JSON', file('{nonsense', 0)],
    ['not an object', file('[1, 2]', 0)],
    ['a leading space', file(' {}', 0)],
    [
      'invalid UTF-8',
      (() => {
        const f = file('{"a":1}', 0);
        f[10] = 0xff;
        return f;
      })(),
    ],
    ['a hole', file(`{"a":${tensor(4, 8)}}`, 8)],
    ['an overlap', file(`{"a":${tensor(0, 4)},"b":${tensor(0, 4)}}`, 4)],
    ['data missing at the end', file(`{"a":${tensor(0, 4)}}`, 3)],
    ['data left over', file(`{"a":${tensor(0, 4)}}`, 5)],
    ['offsets that do not match the shape', file(`{"a":${tensor(0, 4, '[2]')}}`, 4)],
    ['an overflowing shape', file(`{"a":${tensor(0, 4, '[4294967296,4294967296]')}}`, 4)],
    ['a negative dimension', file(`{"a":${tensor(0, 4, '[-1]')}}`, 4)],
    ['a fractional offset', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}}', 4)],
    ['an unknown dtype', file(`{"a":${tensor(0, 4, '[1]', '"F99"')}}`, 4)],
    ['a dtype of the prototype', file(`{"a":${tensor(0, 4, '[1]', '"constructor"')}}`, 4)],
    ['a duplicate key', file(`{"a":${tensor(0, 4)},"a":${tensor(0, 4)}}`, 4)],
    [
      'a duplicate key written with an escape',
      file(`{"a":${tensor(0, 4)},"\\u0061":${tensor(0, 4)}}`, 4),
    ],
    [
      'a duplicate key inside a tensor',
      file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    ],
    ['twenty million brackets', file(`{"a":${'['.repeat(2e7)}${']'.repeat(2e7)}}`, 0)],
    ['a string that does not end', file('{"a', 0)],
    ['a string that ends in an escape', file('{"a\\"}', 0)],
    [
      'a duplicate key behind an escaped quote',
      file(`{"\\"":${tensor(0, 4)},"\\"":${tensor(0, 4)}}`, 4),
    ],
    ['metadata that is not a string', file(`{"__metadata__":{"format":1},"a":${tensor(0, 4)}}`, 4)],
  ])('refuses %s', async (_, bytes) => {
    await expect(open(bytes)).rejects.toMatchObject({ code: 'SAFETENSORS_INVALID' });
  });

  it.each([
    ['letters', 'b'.repeat(3e7)],
    ['escapes', '\\\\\\n\\"'.repeat(5e6)],
  ])('reads a header that holds thirty megabytes of %s in one string', async (_, long) => {
    const source = await open(file(`{"__metadata__":{"k":"${long}"},"a":${tensor(0, 4)}}`, 4));
    expect(source.names).toEqual(['a']);
  });

  it('reads back what the writer wrote, from any kind of byte array (property)', async () => {
    const data = fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc
            .string({ minLength: 1 })
            .filter((name) => name !== '__metadata__' && name !== '__proto__'),
          data,
        ),
        async (tensors) => {
          const list = Object.entries(tensors).map(([name, values]) => ({
            name,
            shape: [values.length],
            data: values,
          }));
          const bytes = writeSafetensors(list, { format: 'pt' });
          // A pooled Buffer shares its memory with others: the reader must not look beyond it.
          const source = await open(Buffer.from(Buffer.from(bytes).toString('base64'), 'base64'));
          expect(source.header.dataOffset % 8).toBe(0);
          for (const { name, data: values } of list)
            expect(await source.readFloat32(name)).toEqual(values);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('writes the same bytes for any order of tensors', () => {
    const a = { name: 'a', shape: [2], data: Float32Array.of(1, 2) };
    const b = { name: 'b', shape: [1], data: Uint8Array.of(3) };
    expect(writeSafetensors([b, a])).toEqual(writeSafetensors([a, b]));
  });

  it('widens bf16 and fp16, and refuses other dtypes by name', async () => {
    const header = `{"a":${tensor(0, 4, '[2]', '"BF16"')},"b":${tensor(4, 8, '[2]', '"F16"')},"c":${tensor(8, 10, '[2]', '"I8"')}}`;
    const bytes = file(header, 10);
    bytes.set([0x80, 0x3f, 0x20, 0xc0, 0x00, 0x3c, 0x01, 0x80], 8 + header.length);
    const source = await open(bytes);
    expect([...(await source.readFloat32('a'))]).toEqual([1, -2.5]);
    expect([...(await source.readFloat32('b'))]).toEqual([1, -(2 ** -24)]);
    await expect(source.readFloat32('c')).rejects.toThrow(/"c" has dtype I8/);
    await expect(source.readFloat32('d')).rejects.toBeInstanceOf(ModelError);
  });
});
