import type { Policy } from '../schemas/index.js';
import { countReadings } from './count-readings.js';
import { passesLuhn } from './luhn.js';

type RedactPolicy = Policy['redact'];
export type OwnRecognizer = NonNullable<RedactPolicy['recognizers']>[number];

const MOST_READINGS = 4096;

/** ISO 7064 MOD 97-10: letters are 10 to 35. */
function passesMod97(value: string): boolean {
  const rest = Array.from(value.toUpperCase().replace(/[^A-Z0-9]/g, '')).reduce((sum, char) => {
    const number = Number.parseInt(char, 36);
    return (sum * (number > 9 ? 100 : 10) + number) % 97;
  }, 0);
  return rest === 1;
}

const CHECKSUMS = {
  luhn: (value: string) => passesLuhn(value.replace(/\D/g, '')),
  mod97: passesMod97,
} as const;

/** True for a value of the format as a whole whose check digits hold. */
export function takesValue({ format, checksum }: OwnRecognizer, value: string): boolean {
  if (!new RegExp(`^(?:${format})$`, 'u').test(value)) return false;
  return checksum === undefined || CHECKSUMS[checksum](value);
}

interface Fault {
  readonly pointer: string;
  readonly expected: string;
}

function formatFault(format: string): string | undefined {
  try {
    const readings = countReadings(format);
    if (readings > MOST_READINGS) {
      return `a format that can read a value in at most ${String(MOST_READINGS)} ways: narrow its repeats`;
    }
    if (new RegExp(`^(?:${format})$`, 'u').test('')) return 'a format that does not take nothing';
    return undefined;
  } catch (error) {
    const what = error instanceof Error && error.name === 'FormatError' ? `; ${error.message}` : '';
    return `a format of letters, \\d, \\w, classes, groups, alternatives, ? and {n,m}${what}`;
  }
}

function faultsOf(own: OwnRecognizer, pointer: string): Fault[] {
  const faults: Fault[] = [];
  const expected = formatFault(own.format);
  if (expected !== undefined) return [{ pointer: `${pointer}/format`, expected }];
  for (const [at, value] of own.matches.entries()) {
    if (takesValue(own, value)) continue;
    const said = 'a value that its format and checksum take';
    faults.push({ pointer: `${pointer}/matches/${String(at)}`, expected: said });
  }
  for (const [at, value] of own.rejects.entries()) {
    if (!takesValue(own, value)) continue;
    const said = 'a value that its format or checksum refuses';
    faults.push({ pointer: `${pointer}/rejects/${String(at)}`, expected: said });
  }
  return faults;
}

/** What a schema cannot say of recognizers: each fault with its JSON pointer in their list. */
export function findFormatFaults(own: readonly OwnRecognizer[]): readonly Fault[] {
  return own.flatMap((one, at) => {
    const pointer = `/${String(at)}`;
    const first = own.findIndex(({ name }) => name === one.name);
    const twice = { pointer: `${pointer}/name`, expected: 'a name that no other has' };
    return [...(first < at ? [twice] : []), ...faultsOf(one, pointer)];
  });
}

/** The same of a policy's own recognizers, whose types have to have an action. */
export function findRecognizerFaults(policy: RedactPolicy): readonly Fault[] {
  const own = policy.recognizers ?? [];
  const expected = 'a type with an action under /redact/entities, or nothing looks for it';
  const unlisted = own.flatMap(({ type }, at) =>
    policy.entities[type] === undefined ? [{ pointer: `/${String(at)}/type`, expected }] : [],
  );
  return [...unlisted, ...findFormatFaults(own)].map((fault) => ({
    ...fault,
    pointer: `/redact/recognizers${fault.pointer}`,
  }));
}
