import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const OF = ['medical', 'health', 'hospital', 'patient', 'clinical'];
const RECORDS = ['record', 'chart', 'file', 'number', 'no', 'id', 'identifier', 'reference', 'ref'];
/** They name the number of a record and nothing else. */
const PLAIN = [
  ...['mrn', 'emrn', 'mr#', 'm.r. no', 'mr number', 'medical record number', 'hospital number'],
  ...[
    'hospital no',
    'hosp no',
    'ur number',
    'u.r. no',
    'ur no',
    'ur#',
    'patient id',
    'patient number',
  ],
  ...[
    'clinic number',
    'clinic no',
    'clinic id',
    'casenote',
    'case note',
    'case notes',
    'casenote number',
  ],
  ...['reservnummer', 'journalnummer', 'journalnr', 'journalnr.'],
  ...['dental chart', 'pas number', 'emr', 'emr id', 'ehr id', 'empi', 'hospital unit number'],
  'csn',
  ...[
    'pat.-nr',
    'pat-nr',
    'pat.-id',
    'patientennr',
    'patienten-id',
    'fall-nr',
    'numéro patient',
    'n° patient',
  ],
  ...[
    'ipp',
    'n° ipp',
    'nip patient',
    'dossier patient',
    'nhc',
    'n.º de historia',
    'nº de historia',
  ],
  ...[
    'número de historia clínica',
    'expediente clínico',
    'prontuário',
    'nº de prontuário',
    'processo clínico',
  ],
  ...['cartella clinica', 'patiëntnr', 'numer pacjenta', 'nr pacjenta', 'nr historii choroby'],
];
/** Things are counted by these as well: the number stands right beside. */
const OCCASIONS = [
  ...[
    'lab',
    'admission',
    'visit',
    'episode',
    'inpatient',
    'outpatient',
    'radiology',
    'x-ray',
  ].flatMap((of) => [`${of} number`, `${of} no`, `${of} no.`, `${of} id`]),
  'sample id',
];
const CUES = [
  ...PLAIN,
  'chart',
  'patient',
  'file number',
  'file no',
  'rx#',
  'rx no',
  'med rec',
  'med rec num',
  'prescription',
  'accession',
  'specimen',
  'encounter',
  'hosp',
  'unit record',
  'patientennummer',
  'aufnahmenummer',
  'historia clínica',
  'numero cartella',
  'patiëntnummer',
  'numer kartoteki',
  '病历号',
  '住院号',
  '門診號',
  'カルテ番号',
  '患者番号',
  '患者ID',
  '등록번호',
  ...OF.flatMap((of) => RECORDS.map((what) => `${of} ${what}`)),
];

const VALUE = String.raw`(?:[A-Z]{1,4}[-/]?|[A-Z]{2}\d |[A-Z]{1,3} (?=\d{2,5}-\d))?\d(?:[\d-]{3,14}|\d{1,5}(?:\/\d{2,8}){1,2})(?:-[A-Z]{1,2}(?![A-Za-z\d]))?(?![-./]\d)`;

/** Near them it is somebody who is treated whose number, case or examination is spoken of. */
const MEDICAL = (
  'mrn exam examination study modality radiology radiologist specimen pathology biopsy laboratory ct mri ultrasound ' +
  'mammogram x-ray xray indication impression referring patient pt rn nurse clinic hospital ward discharge discharged admission admitted portal ' +
  'patientin klinik klinikum krankenhaus station aufnahme arzt aufgenommen entlassen entlassung diagnose op befund labor geb ' +
  'médical patiente hôpital clinique chu médecin consultation admis admise hospitalisation hospitalisé hospitalisée urgences né née ipp'
).split(' ');

export const medicalRecordNumber: Recognizer = {
  name: 'medical-record-number',
  type: 'MEDICAL_RECORD_NUMBER',
  patterns: [
    ...besideLabel(CUES, VALUE, { score: 0.93 }),
    // Of flats and machines as well.
    ...besideLabel(
      ['unit number', 'unit no'],
      String.raw`\d{4,8}-\d{2,6}|\d{6,9}`,
      { score: 0.93, needsContext: true },
      'beside-unit',
    ),
    // Of any case or file: somebody is treated nearby.
    ...besideLabel(
      ['fallnummer', 'numéro de dossier', 'n° de dossier'],
      VALUE,
      { score: 0.93, needsContext: true },
      'beside-case-label',
    ),
    // Apart by dots, as a sum is.
    ...besideLabel(
      ['historia clínica', 'historia clinica'],
      String.raw`\d{1,3}(?:\.\d{3}){2,3}(?![-./]\d)`,
      { score: 0.93 },
      'dotted',
    ),
    ...besideLabel(
      OCCASIONS,
      String.raw`(?:[A-Z]{1,4}[-/]?)?\d(?:[\d-]{4,14}|\d{1,5}(?:\/\d{2,8}){1,2})(?![-./]\d)`,
      { score: 0.85, farScore: 0.1 },
      'beside-occasion',
    ),
    // Letters among the digits, whether it was written so or scanned badly.
    ...besideLabel(
      PLAIN,
      String.raw`(?=(?:[A-Z-]{0,4}\d){4,14})[A-Z\d](?:-?[A-Z\d]){4,15}(?![-./]\d)`,
      { score: 0.85, needs: 'verb' },
      'letters-among-digits',
    ),
    {
      // What radiologists and laboratories call an examination; elsewhere `acc` is an account.
      name: 'accession',
      anchor: ['acc', 'accession'],
      regex:
        /(?<![\w-])acc(?:ession)?\.?(?: ?(?:#|no\.?|num(?:ber)?))?:? {0,3}(?<value>[A-Z]{0,4}-?\d[\dA-Z-]{4,16})(?![\w]|[-.,/]\d)/gi,
      score: 0.93,
      needsContext: true,
    },
    {
      // Of a visit, as hospitals' billing writes it.
      name: 'visit',
      anchor: ['acct', 'account', 'visit'],
      regex:
        /(?<![\w-])(?:acct|account|visit)\.?(?: ?(?:#|no\.?|num(?:ber)?))?:? {0,3}(?<value>V\d{8,12})(?!\w)/gi,
      score: 0.93,
      needsContext: true,
    },
    {
      // HL7's code of what kind of number it is.
      name: 'typed',
      anchor: 'number',
      regex:
        /(?<=<type>MR<\/type>\s{0,8}<value>|"code" ?: ?"MR"[^"]{0,24}(?:"[^"]{0,40}"[^"]{0,24}){0,6}"value" ?: ?")[A-Z]{0,5}-?\d[\d-]{3,14}(?=[<"])/g,
      score: 0.93,
    },
    { name: 'prefixed', anchor: 'number', regex: /(?<![\w-])MRN\d{4,12}(?!\w)/g, score: 0.9 },
  ],
  trim: (value) => value.replace(/-{1,14}$/, ''),
  validate: (value) =>
    value.replace(/\D/g, '').length >= 4 && !/^\p{Ll}+ /u.test(value) ? 'passed' : 'failed',
  context: { words: MEDICAL, boost: 0, charsBefore: 100, charsAfter: 60 },
  matches: [
    ['MRN: 00482913', '00482913'],
    ['medical record number is A-482913.', 'A-482913'],
    ['patient ID #PT-88213', 'PT-88213'],
    ['(MRN 4829-1377)', '4829-1377'],
    ['MRN482913', 'MRN482913'],
    ['the file no. LIG/2024/00931).', 'LIG/2024/00931'],
    ['Rx# 6620013', '6620013'],
    ['historia clínica 1.284.093, paciente', '1.284.093'],
    ['Patienten-ID (KIS): P0019948271', 'P0019948271'],
    ['Hosp No. RX1 664209; please', 'RX1 664209'],
    ['Patientin, Fallnummer 4711001', '4711001'],
    ['Her clinic number is H 217-630.', 'H 217-630'],
    ['the ward; hospital no RX 217-6304.', 'RX 217-6304'],
    ['ACC#: CT-6304-2176  MRN: 2176304', 'CT-6304-2176', '2176304'],
    ['RN called pt, no answer. Acct V00021763044.', 'V00021763044'],
    ['Admission no. 2176304, ward 3', '2176304'],
    ['MRN 21763O4', '21763O4'],
    ['N° IPP : 8002176304', '8002176304'],
    ['admitted for a knee replacement. Unit number 7719-0042. Hb', '7719-0042'],
    ['under reservnummer R-554944-UM.', 'R-554944-UM'],
    ['U.R. No. 2176304', '2176304'],
    ['nº de prontuário: 217630-4', '217630-4'],
    ['<type>MR</type><value>MGH0021763</value>', 'MGH0021763'],
    ['病历号:ZY20190844 科室', 'ZY20190844'],
  ],
  rejects: [
    'patient 12',
    'the chart shows 3 peaks',
    'MRN unknown',
    'file number must be set',
    'prescription drugs',
    'specimen 12',
    'rx 18233411 tx 99120034',
    'patient was 45 years old',
    'Patient: 45.000 Euro',
    'Encounter 1.234 customers',
    'Chart: 1.234.567',
    'Fallnummer 4711001 beim Helpdesk',
    "numéro de dossier 2024/118 de l'appel d'offres",
    '등록번호판 12345',
    'Specimen 12.500 kg',
    'prescription 1.500 mg',
    'historia clínica 12.500 pacientes',
    'acc 2176304 was credited',
    'the clinic saw 12 patients',
    'clinic hours 08:30-17:00',
    'acct V12',
    'EMR go-live 2024',
    'the lab number of samples was 21763',
    'admission number cap of 25000',
  ],
};
