import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/** ISO 11784: a country (ISO 3166) or, from 900 on, a maker, then twelve digits. */
const CHIP = String.raw`(?:9\d{2}|0[1-9]\d|[1-8]\d{2})(?:\d{12}|([ .-])\d{3}(?:\1\d{3}){3}|([ .-])\d{4}(?:\2\d{4}){2}|([ .-])\d{12})`;

export const petChip: Recognizer = {
  name: 'pet-microchip',
  type: 'DEVICE_ID',
  patterns: [
    {
      name: 'near-animal',
      anchor: 'number',
      regex:
        /(?<![\w.+-])9[0-9]{2}(?:\d{12}|([ .-])\d{3}(?:\1\d{3}){3}|([ .-])\d{4}(?:\2\d{4}){2}|([ .-])\d{12})(?![\w]|[-.,]\d)/g,
      score: 0.96,
      needsContext: true,
    },
    ...besideLabel(
      [
        'microchip',
        'micro chip',
        'chip number',
        'chip no',
        'chip id',
        'chipped',
        'microchipped',
        'pet chip',
        'transponder number',
        'transponder no',
        'chipnummer',
        'chip-nr',
        'transpondernummer',
        'puce électronique',
        'numéro de puce',
        'n° de puce',
        'n° puce',
        'microchip nº',
        'número de microchip',
        'numero di microchip',
        'numer chipa',
        'numer mikroczipa',
        'mikrochip',
      ],
      CHIP,
      { score: 0.96 },
    ),
  ],
  context: {
    words: (
      'chip chips chipped microchip microchipped microchips transponder dog dogs cat cats pet pets puppy kitten tabby spaniel ' +
      'labrador terrier vet veterinary horse pony ferret rabbit hund katze tierarzt chien chat chienne vétérinaire ' +
      'perro gato veterinario cane gatto hond kat pies kot cão puce'
    ).split(' '),
    boost: 0,
    charsBefore: 80,
    charsAfter: 40,
  },
  matches: [
    ['for the dog, 981020700312845 it says', '981020700312845'],
    ['Found: ginger cat, chipped (977210005312846)', '977210005312846'],
    ['microchip 981 020 700 312 845, neutered', '981 020 700 312 845'],
    ['Puce électronique : 250269801312845', '250269801312845'],
    ['Chipnummer: 276-098-106-312-845', '276-098-106-312-845'],
  ],
  rejects: [
    '981020700312845',
    'the dog weighs 981 grams',
    'chip sales of 981,020,700',
    'microchip makers sold 276 units',
  ],
};
