import { RecordError } from './errors.js';

/** UTF-16 has a byte order mark of its own; UTF-32 is recognized to be refused. */
function markedEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = head;
  const little = a === 0xff && b === 0xfe;
  if ((little && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    throw new RecordError('SOURCE_FORMAT', 'the file is UTF-32; convert it to UTF-8');
  }
  if (little) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

/**
 * The encoding to convert from, or undefined for UTF-8, which needs no conversion.
 * @throws RecordError SOURCE_FORMAT when a byte order mark says otherwise than the run file
 */
export function encodingOf(head: Uint8Array, stated: string | undefined): string | undefined {
  const marked = markedEncoding(head);
  if (marked !== undefined && stated !== undefined && marked !== stated) {
    throw new RecordError(
      'SOURCE_FORMAT',
      `the file begins with the mark of ${marked}, the run file says ${stated}; mend /encoding`,
    );
  }
  const encoding = marked ?? stated;
  return encoding === 'utf-8' ? undefined : encoding;
}

const INVALID = 0xff;
const REPLACEMENT = '\ufffd';

/**
 * UTF-8 of decoded text. What could not be decoded becomes a byte that no UTF-8 holds, so that its
 * row, and no other, is found not to be text.
 */
function toUtf8(text: string): Uint8Array {
  if (!text.includes(REPLACEMENT)) return Buffer.from(text, 'utf8');
  const parts = text.split(REPLACEMENT);
  return Buffer.concat(
    parts.flatMap((part, at) =>
      at === 0 ? [Buffer.from(part, 'utf8')] : [Uint8Array.of(INVALID), Buffer.from(part, 'utf8')],
    ),
  );
}

/** The bytes of a text in another encoding as UTF-8, without its byte order mark. */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield toUtf8(decoder.decode(chunk, { stream: true }));
  const rest = toUtf8(decoder.decode());
  if (rest.length > 0) yield rest;
}
