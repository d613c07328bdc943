import type { Recognizer } from '../types.js';

const DECIMAL = String.raw`[-+]?\d{1,3}\.\d{3,10}°?`;
const DMS = String.raw`\d{1,3}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:\.\d{1,6})?(?:\\?["″”]|'') ?)?`;

/** Zone and square of a military grid; volts of a current and generations of a radio are written alike. */
const SQUARE = String.raw`\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?`;
const ELECTRIC = String.raw`\d{1,2}[A-Z] ?(?:AC|DC|NR|LT)`;

/** Two numbers of degrees, as a map writes them, or one alone behind its label. */
const DEGREES = new RegExp(
  String.raw`^(?<first>[-+]?\d{1,3}(?:\.\d{1,10})?)°?(?: ?[NS])?(?:(?:[,;] ?| )(?<second>[-+]?\d{1,3}(?:\.\d{1,10})?)°?(?: ?[EW])?)?$`,
);
/** Both with so many decimals as no price has. */
const isPrecise = (value: string): boolean => /\.\d{5,10}\D.*\.\d{5,10}/.test(value);

/** Latitude within 90 degrees, longitude within 180; what is written with minutes, zones or squares is taken as it is. */
function validate(value: string): 'passed' | 'failed' {
  const { first, second } = DEGREES.exec(value)?.groups ?? {};
  if (first === undefined) return 'passed';
  const [a, b] = [Math.abs(Number(first)), Math.abs(Number(second ?? 0))];
  // The longitude first, as GeoJSON has it.
  const isTurned = isPrecise(value) && b <= 90;
  return b <= 180 && (a <= 90 || ((second === undefined || isTurned) && a <= 180))
    ? 'passed'
    : 'failed';
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
      // Hemisphere first, or degrees and minutes alone, as receivers show them.
      name: 'minutes',
      regex:
        /(?<![\w.])(?:[NS] ?\d{1,2}° ?\d{1,2}(?:[.,]\d{1,4})?['′’]?,? [EWO] ?\d{1,3}° ?\d{1,2}(?:[.,]\d{1,4})?['′’]?|\d{1,3}° ?\d{1,2}[.,]\d{1,4}['′’] ?[NS],? ?\d{1,3}° ?\d{1,2}[.,]\d{1,4}['′’] ?[EWO]|\d{1,2}[.,]\d{2,8}° ?[NS],? ?\d{1,3}[.,]\d{2,8}° ?[EWO])(?!\w)/g,
      score: 0.97,
      anchor: 'number',
    },
    {
      // Of cameras: `35 deg 41' 22.20" N`.
      name: 'written-degrees',
      regex:
        /(?<![\w.])\d{1,3} deg \d{1,2}['′] \d{1,2}(?:\.\d{1,4})?(?:\\?["″]|'')? ?[NSEW](?!\w)/g,
      score: 0.97,
      anchor: 'number',
    },
    {
      // NMEA 0183: degrees and minutes in one number.
      name: 'receiver',
      regex: /(?<![\w.])\d{4}\.\d{2,6},[NS],\d{5}\.\d{2,6},[EW](?!\w)/g,
      score: 0.97,
      anchor: 'number',
    },
    {
      // The Military Grid Reference System: zone, square, and as many digits east as north.
      name: 'military-grid',
      regex: new RegExp(
        String.raw`(?<![\w.])(?:(?<=(?:[Gg]rid|GRID|MGRS)(?: ref(?:erence)?)?:? )|(?!${ELECTRIC}))${SQUARE}\d{5} \d{5}(?!\w)`,
        'g',
      ),
      score: 0.9,
      anchor: 'number',
    },
    {
      name: 'military-grid-short',
      regex: new RegExp(String.raw`(?<![\w.])(?!${ELECTRIC})${SQUARE}\d{4} \d{4}(?!\w)`, 'g'),
      score: 0.75,
      anchor: 'number',
      needsContext: true,
    },
    {
      name: 'utm',
      regex:
        /(?<=(?<!\w)UTM:? (?:zone )?)\d{1,2} ?[C-HJ-NP-X] \d{6}(?:\.\d{1,3})?m? ?[EN]?,? \d{7}(?:\.\d{1,3})?(?:m? ?[EN])?(?!\w)/gi,
      score: 0.95,
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
        /(?<![a-z])(?:lat|latitude|lng|lon|long|longitude|latitud|longitud|latitudine|longitudine|breitengrad|längengrad|широта|долгота|纬度|经度|緯度|経度)["']?[ \t]{0,2}[:=]?[ \t]{0,2}["']?(?<value>[-+]?\d{1,3}\.\d{2,10})(?![\w]|\.\d)/gi,
      score: 0.93,
      anchor:
        'lat latitude lng lon long longitude latitud longitud latitudine longitudine breitengrad längengrad широта долгота 纬度 经度 緯度 経度'.split(
          ' ',
        ),
    },
  ],
  validate,
  context: {
    words: [
      ...['gps', 'coordinates', 'location', 'lat', 'position', 'koordinaten', 'map', 'geo'],
      ...['grid', 'mgrs'],
    ],
    boost: 0.15,
    against: [
      ...['price', 'prices', 'score', 'mean', 'ratio', 'loss', 'vector', 'embedding', 'tolerance'],
      ...['ci', 'pixel', 'pixels'],
    ],
    penalty: 0.5,
  },
  matches: [
    ['at 52.520008, 13.404954 today', '52.520008, 13.404954'],
    ['40°26′46″N 79°58′56″W', '40°26′46″N 79°58′56″W'],
    ['GPS N 48° 51.400 E 002° 21.050 cabin', 'N 48° 51.400 E 002° 21.050'],
    ['Unfallstelle: 47,3769° N, 8,5417° O', '47,3769° N, 8,5417° O'],
    ['GPSLatitude 35 deg 41\' 22.20" N, then', '35 deg 41\' 22.20" N'],
    ['$GPGGA,123519,4807.038,N,01131.000,E,1', '4807.038,N,01131.000,E'],
    ["position 36°08.41'N 005°21.90'W, four", "36°08.41'N 005°21.90'W"],
    ['grid 31U DQ 48251 11932, approach', '31U DQ 48251 11932'],
    ['[-122.419416, 37.774929]', '-122.419416, 37.774929'],
    ['at MGRS 31U DQ 4825 1193', '31U DQ 4825 1193'],
    ['经度 120.15507 纬度 30.27412 打卡', '120.15507', '30.27412'],
    ['UTM 33T 333958 5000441, parcel', '33T 333958 5000441'],
    ['geo:37.786971,-122.399677', '37.786971,-122.399677'],
    ['"lat": -33.8688,', '-33.8688'],
  ],
  rejects: [
    '95% CI 4.167, 4.267',
    'costs 12.50, 13.40',
    'mean 0.123, 0.456',
    '123.4567, 200.1234',
    'v1.234.567',
    '512.123456, 384.654321',
    'click at pixel (512.000000, 384.000000)',
    'click at pixel (12.000000, 84.000000)',
    '{"bbox":[412.123456, 184.654321]}',
    'closing prices 145.320000, 146.110000',
    'lat. 95.123456, 190.123456',
    'lat: 212.123456',
    '12V DC 1200 2400 rpm',
    '24V AC 10000 20000',
    '5G NR 3500 3700 MHz',
    '4G LT 1800 2600',
    'part 31U DQ 4825 1193',
  ],
};
