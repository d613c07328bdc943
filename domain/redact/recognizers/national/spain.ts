import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const SPAIN: readonly Recognizer[] = [
  checkedNumber({
    name: 'es-dni',
    type: 'NATIONAL_ID',
    number: ['ES', 'dni'],
    shape: String.raw`(?:\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?[A-Z]`,
    words: ['dni', 'd.n.i.', 'nif', 'documento', 'identidad', 'documento nacional'],
    distinct: true,
    matches: [
      ['DNI: 56265538-V', '56265538-V'],
      ['dni 30117195-Y, thank you', '30117195-Y'],
      ['{"dni": "02830298-X"}', '02830298-X'],
    ],
    rejects: ['dni follows', 'order 09000852-N left', 'DNI 12'],
  }),
  checkedNumber({
    name: 'es-nie',
    type: 'NATIONAL_ID',
    number: ['ES', 'nie'],
    shape: String.raw`[XYZ][ -]?\d{7}[ -]?[A-Z]`,
    words: ['nie', 'extranjero', 'residencia', 'identidad'],
    distinct: true,
    matches: [
      ['NIE: Y 6041712-V', 'Y 6041712-V'],
      ['nie X2034797X, thank you', 'X2034797X'],
      ['{"nie": "Z-6502957B"}', 'Z-6502957B'],
    ],
    rejects: ['nie follows', 'order Z8119051R left', 'NIE 12'],
  }),
  checkedNumber({
    name: 'es-cif',
    type: 'TAX_ID',
    number: ['ES', 'cif'],
    shape: String.raw`[ABCDEFGHJNPQRSUVW]-?\d{7}-?[0-9A-J]`,
    words: ['cif', 'nif', 'empresa', 'sociedad', 'vat', 'tax'],
    matches: [
      ['CIF: W-5447325-A', 'W-5447325-A'],
      ['cif Q4600225-I, thank you', 'Q4600225-I'],
      ['{"cif": "H-7930473-9"}', 'H-7930473-9'],
    ],
    rejects: ['cif follows', 'order W-5447325-A left', 'CIF 12'],
  }),
  checkedNumber({
    name: 'es-social-security',
    type: 'NATIONAL_ID',
    number: ['ES', 'nss'],
    shape: String.raw`\d{2}[ /-]?\d{8}[ /-]?\d{2}`,
    words: ['nss', 'seguridad social', 'afiliacion', 'afiliación', 'social security'],
    matches: [
      ['NSS: 476621771308', '476621771308'],
      ['nss 53/78119033-11, thank you', '53/78119033-11'],
      ['{"nss": "38/9196323834"}', '38/9196323834'],
    ],
    rejects: ['nss follows', 'order 476621771308 left', 'NSS 12'],
  }),
];
