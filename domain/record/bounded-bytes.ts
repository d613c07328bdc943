/** Collects the bytes of one row up to a limit and counts all of them; the rest is not held. */
export class BoundedBytes {
  private parts: Uint8Array[] = [];
  private kept = 0;
  sizeBytes = 0;

  constructor(private readonly limit: number) {}

  add(part: Uint8Array): void {
    this.sizeBytes += part.length;
    const room = this.limit - this.kept;
    if (room <= 0 || part.length === 0) return;
    const kept = part.length > room ? part.subarray(0, room) : part;
    this.parts.push(kept);
    this.kept += kept.length;
  }

  /** What was kept; nothing is left. */
  take(): Uint8Array {
    const [first, second] = this.parts;
    const bytes = first === undefined || second !== undefined ? Buffer.concat(this.parts) : first;
    this.parts = [];
    this.kept = 0;
    this.sizeBytes = 0;
    return bytes;
  }
}
