/** Plates in use from 2001 on in the United Kingdom: area, half-year, three letters. */
export const BRITISH = String.raw`[A-HJ-PR-Y][A-HJ-PR-Y][0-7]\d ?[A-HJ-PR-Z]{3}`;

const INDIAN_STATES =
  'AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|UK|UP|WB';
/** State, district (Delhi's with the kind of vehicle), series, number. */
export const INDIAN = String.raw`(?:${INDIAN_STATES})([ -])\d{1,2}(?:[CERPSTV]|\1[CERPSTV])?\1[A-Z]{1,3}\1\d{4}`;

/** Models that are letters and a number: `GLC 300`, `CBR 600`. */
const NO_MODEL =
  '(?!(?:GL[ABCES]|CL[AKS]|SL[CKRS]|EQ[A-Z]|CBR|CRF|CRV|HRV|YZF|FJR|GSX|KLX|KLR|ZZR|ZXR|AMG|GT[ISRX]|TDI|TSI|TFSI|RAV|SUV|MPV|LFA|XKR|XJR|BMW|KIA|DAF|MAN|GMC|RAM|ISO|DIN|IEC|NEW|VIN|MOT|USD|EUR|GBP)[ -]?\\d)';

/** What plates of many countries look like, for where a vehicle stands right before. */
export const PLATE = [
  BRITISH,
  INDIAN.replace('([ -])', '[ -]?').replaceAll(String.raw`\1`, '[ -]?'),
  String.raw`${NO_MODEL}[A-Z]{3}[ -]?(?!(?:19|20)\d\d)\d{3,4}`,
  String.raw`\d[A-Z]{3}\d{3}|\d{3}[ -]?[A-Z]{3}|\d{4} ?[B-DF-HJ-NP-TV-Z]{3}`,
  String.raw`[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}|[A-Z]{3}\d[A-Z]\d{2}`,
  String.raw`[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?`,
  String.raw`[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]`,
  String.raw`\d{1,2}-[A-Z]{2,3}-\d{1,2}|[A-Z]{1,3}-\d{2,3}-[A-Z]{1,2}`,
].join('|');

/** In lower case; none is a word that is mostly something else (`seat`, `mini`, `smart`). */
export const MAKES: readonly string[] = (
  'audi bmw chevrolet chevy chrysler citroen citroën dacia daf dodge ducati fiat ford gmc harley holden honda ' +
  'hyundai isuzu iveco jaguar jeep kawasaki kia lexus mahindra maruti mazda mercedes mitsubishi nissan opel ' +
  'peugeot piaggio porsche renault rover scania skoda škoda subaru suzuki tata tesla toyota vauxhall vespa ' +
  'volkswagen volvo vw yamaha'
).split(' ');

/** In lower case. */
export const VEHICLES: readonly string[] = (
  'vehicle vehicles car cars van vans lorry truck trucks hgv taxi cab minicab motorbike motorcycle moped ' +
  'scooter minibus trailer tractor ambulance pickup suv hatchback saloon sedan jeep caravan campervan motorhome ' +
  'plate plates reg vrm vrn dvla parked parking towed clamped keeper voiture véhicule camion moto auto wagen ' +
  'lkw pkw autobus bus motor garé fahrzeug coche vehículo camión carro veículo macchina veicolo voertuig samochód pojazd rickshaw'
).split(' ');
