import type { Recognizer } from '../types.js';

const DECIMAL = String.raw`[-+]?\d{1,3}\.\d{3,10}°?`;
const DMS = String.raw`\d{1,3}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:\.\d{1,6})?(?:\\?["″”]|'') ?)?`;

/** Latitude within 90 degrees, longitude within 180. */
function validate(value: string): 'passed' | 'failed' {
  const [first = 91, second = 181] = (value.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
  const isDms = value.includes("'") || value.includes('′') || value.includes('’');
  if (isDms) return first <= 180 ? 'passed' : 'failed';
  return first <= 90 && second <= 180 ? 'passed' : 'failed';
}

export const coordinates: Recognizer = {
  name: 'coordinates',
  type: 'COORDINATES',
  patterns: [
    {
      name: 'decimal',
      regex: new RegExp(
        String.raw`(?<![\w.$€£]|\d-|\d,(?!-))${DECIMAL} ?[NS]?(?:, ?|; ?| )${DECIMAL}(?: ?[EW])?(?![\w]|\.\d|,\d|, ?-?\d)`,
        'g',
      ),
      score: 0.8,
      anchor: 'number',
    },
    {
      name: 'degrees',
      regex: new RegExp(String.raw`(?<![\w.])${DMS}[NS],? ?${DMS}[EWO](?!\w)`, 'g'),
      score: 0.97,
      anchor: 'number',
    },
    {
      name: 'geo-uri',
      regex: /(?<!\w)geo:(?<value>-?\d{1,2}(?:\.\d{1,10})?,-?\d{1,3}(?:\.\d{1,10})?)/gi,
      score: 0.97,
      anchor: ['geo'],
    },
    {
      name: 'labelled',
      regex:
        /(?<![a-z])(?:lat|latitude|lng|lon|long|longitude)["']?[ \t]{0,2}[:=]?[ \t]{0,2}["']?(?<value>[-+]?\d{1,3}\.\d{2,10})(?![\w]|\.\d)/gi,
      score: 0.93,
      anchor: ['lat', 'latitude', 'lng', 'lon', 'long', 'longitude'],
    },
  ],
  validate: (value) => (/[,; ]/.test(value.trim()) ? validate(value) : 'passed'),
  context: {
    words: ['gps', 'coordinates', 'location', 'lat', 'position', 'koordinaten', 'map', 'geo'],
    boost: 0.15,
    against: ['price', 'score', 'mean', 'ratio', 'loss', 'vector', 'embedding'],
    penalty: 0.5,
  },
  matches: [
    ['at 52.520008, 13.404954 today', '52.520008, 13.404954'],
    ['40°26′46″N 79°58′56″W', '40°26′46″N 79°58′56″W'],
    ['geo:37.786971,-122.399677', '37.786971,-122.399677'],
    ['"lat": -33.8688,', '-33.8688'],
  ],
  rejects: ['costs 12.50, 13.40', 'mean 0.123, 0.456', '123.4567, 200.1234', 'v1.234.567'],
};
