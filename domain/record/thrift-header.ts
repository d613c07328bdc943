/**
 * A struct of Thrift's compact protocol: field id -> number (a truth value is 1 or 0) or struct; other
 * types are skipped.
 */
export type ThriftFields = ReadonlyMap<number, number | ThriftFields>;

const MAX_DEPTH = 8;

/** Types of the compact protocol, by their nibble. */
const TYPE = {
  true: 1,
  false: 2,
  byte: 3,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
};

/** Reads one struct of the compact protocol. @throws RangeError for bytes that are none */
export class ThriftReader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth = 0): ThriftFields {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
    const fields = new Map<number, number | ThriftFields>();
    let id = 0;
    for (let head = this.byte(); head !== 0; head = this.byte()) {
      const step = head >> 4;
      id = step === 0 ? this.zigzag() : id + step;
      const value = this.value(head & 15, depth);
      if (value !== undefined) fields.set(id, value);
    }
    return fields;
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new RangeError('cut off');
    this.at += 1;
    return byte;
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number without end');
  }

  private zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private skip(bytes: number): void {
    this.at += bytes;
    if (this.at > this.bytes.length) throw new RangeError('cut off');
  }

  private value(type: number, depth: number): number | ThriftFields | undefined {
    if (type === TYPE.struct) return this.struct(depth + 1);
    if (type >= TYPE.byte && type < TYPE.double)
      return type === TYPE.byte ? this.byte() : this.zigzag();
    if (type === TYPE.binary) this.skip(this.varint());
    else if (type === TYPE.double) this.skip(8);
    else if (type === TYPE.list || type === TYPE.set) this.list(depth);
    else if (type !== TYPE.true && type !== TYPE.false) throw new RangeError('an unknown type');
    return type === TYPE.true ? 1 : type === TYPE.false ? 0 : undefined;
  }

  private list(depth: number): void {
    const head = this.byte();
    const size = head >> 4 === 15 ? this.varint() : head >> 4;
    if (size > this.bytes.length) throw new RangeError('a list longer than its bytes');
    for (let at = 0; at < size; at += 1) this.value(head & 15, depth + 1);
  }
}
