// Where something is: streets, postal codes, coordinates.
import { two, type Draw } from './draw.js';
import type { Kind } from './kinds.js';

const STREETS = [
  'Alder',
  'Kestrel',
  'Quarry',
  'Mill Pond',
  'Saint Anne',
  'Harbour',
  'Old Mill',
  'N. 42nd',
  'Larkspur',
];
const SUFFIXES = [
  'Street',
  'St',
  'Avenue',
  'Ave',
  'Road',
  'Lane',
  'Drive',
  'Blvd',
  'Court',
  'Terrace',
];
const UNITS = ['', '', ', Apt 4', ', Suite 210', ' Unit 7B'];
const street = (draw: Draw): string => {
  const english = `${String(draw.int(1, 9999))} ${draw.pick(STREETS)} ${draw.pick(SUFFIXES)}`;
  return draw.pick([
    `${english}${draw.pick(UNITS)}`,
    `${english}${draw.pick(UNITS)}`,
    `${english}, Brookfield, ${draw.pick(['OR 97477', 'IL 60513', 'CT 06804-1122'])}`,
    `${draw.pick(['Linden', 'Berg', 'Garten'])}straße ${String(draw.int(1, 120))}${draw.pick(['', 'a'])}`,
    `Am Kirchplatz ${String(draw.int(1, 40))}`,
    `${draw.pick(['Rue de la', 'Calle de', 'Via della'])} ${draw.pick(['Paix', 'Luna', 'Rosa'])} ${String(draw.int(1, 80))}`,
    `${String(draw.int(2, 90))} rue ${draw.pick(['Lafayette', 'Voltaire', 'des Lilas'])}`,
    `P.O. Box ${draw.fill('####')}`,
    `PO Box ${draw.fill('###')}`,
  ]);
};
const postcode = (draw: Draw): string =>
  draw.pick([
    draw.fill('9####'),
    draw.fill('1####-####'),
    `${draw.fill(draw.pick(['SW1A', 'M##', 'EC#V', 'B#']))} ${draw.fill('#')}${draw.of('ABDEFGHJLNPQRSTUWXYZ', 2)}`,
    `${draw.of('ABCEGHJKLMNPRSTVXY', 1)}${draw.fill('#')}${draw.of('ABCEGHJKLMNPRSTVWXYZ', 1)} ${draw.fill('#')}${draw.of('ABCEGHJKLMNPRSTVWXYZ', 1)}${draw.fill('#')}`,
  ]);

const coordinates = (draw: Draw): string => {
  const lat = `${draw.pick(['', '-'])}${String(draw.int(1, 89))}.${draw.fill('#####')}`;
  const lon = `${draw.pick(['', '-'])}${String(draw.int(1, 179))}.${draw.fill('#####')}`;
  const minutes = (): string => `${two(draw.int(0, 59))}'${two(draw.int(0, 59))}"`;
  return draw.pick([
    `${lat}, ${lon}`,
    `${lat},${lon}`,
    `${String(draw.int(1, 89))}.${draw.fill('####')}° N, ${String(draw.int(1, 179))}.${draw.fill('####')}° W`,
    `${String(draw.int(1, 89))}°${minutes()}N ${String(draw.int(1, 179))}°${minutes()}E`,
  ]);
};

export const PLACE_KINDS: readonly Kind[] = [
  {
    type: 'STREET_ADDRESS',
    cues: ['address', 'home address', 'street'],
    value: street,
    bare: true,
  },
  { type: 'POSTAL_CODE', cues: ['zip', 'postcode', 'postal code', 'zip code'], value: postcode },
  { type: 'COORDINATES', cues: ['coordinates', 'gps', 'location'], value: coordinates, bare: true },
];
