/**
 * Hand-encoded ONNX models of one node each, so that no binary file has to travel with the build.
 * Field numbers are those of onnx.proto3 (onnx 1.17).
 */
type Field = Uint8Array;

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...out, rest];
}

const integer = (field: number, value: number): Field =>
  Uint8Array.from([...varint(field << 3), ...varint(value)]);

function bytes(field: number, content: Uint8Array): Field {
  return Uint8Array.from([...varint((field << 3) | 2), ...varint(content.length), ...content]);
}

const text = (field: number, value: string): Field => bytes(field, new TextEncoder().encode(value));

function message(field: number, ...content: readonly Field[]): Field {
  return bytes(field, concat(content));
}

function concat(parts: readonly Field[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const FLOAT = 1;
const INT_ATTRIBUTE = 2;

/** ValueInfoProto of a float tensor with free dimensions. */
function tensor(field: number, name: string, dims: readonly string[]): Field {
  const shape = message(2, ...dims.map((dim) => message(1, text(2, dim))));
  return message(field, text(1, name), message(2, message(1, integer(1, FLOAT), shape)));
}

function flag(name: string, value: boolean): Field {
  return message(5, text(1, name), integer(3, value ? 1 : 0), integer(20, INT_ATTRIBUTE));
}

function modelOf(graph: readonly Field[]): Uint8Array {
  const opset = (domain: string, version: number) =>
    message(8, text(1, domain), integer(2, version));
  return concat([
    integer(1, 9),
    message(7, ...graph, text(2, 'product')),
    opset('', 17),
    opset('com.microsoft', 1),
  ]);
}

/** Y = A B of matrices, either side transposed: onnxruntime's FusedMatMul. */
export function fusedMatMulModel(transposeA: boolean, transposeB: boolean): Uint8Array {
  const node = message(
    1,
    text(1, 'A'),
    text(1, 'B'),
    text(2, 'Y'),
    text(4, 'FusedMatMul'),
    flag('transA', transposeA),
    flag('transB', transposeB),
    text(7, 'com.microsoft'),
  );
  return modelOf([
    node,
    tensor(11, 'A', ['m', 'k']),
    tensor(11, 'B', ['p', 'q']),
    tensor(12, 'Y', ['e', 'f']),
  ]);
}

/** Y = A B + C, either side transposed: with C and Y in one buffer the product is added in place. */
export function gemmModel(transposeA: boolean, transposeB: boolean): Uint8Array {
  const names = ['A', 'B', 'C'].map((name) => text(1, name));
  const flags = [flag('transA', transposeA), flag('transB', transposeB)];
  const node = message(1, ...names, text(2, 'Y'), text(4, 'Gemm'), ...flags);
  return modelOf([
    node,
    tensor(11, 'A', ['m', 'k']),
    tensor(11, 'B', ['p', 'q']),
    tensor(11, 'C', ['e', 'f']),
    tensor(12, 'Y', ['e', 'f']),
  ]);
}
