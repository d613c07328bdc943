import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/** Parts of a body, and what is kept of them; `fingerprint template`, `iris record`. */
const PARTS = [
  'fingerprint',
  'finger',
  'thumbprint',
  'palm print',
  'palmprint',
  'palm',
  'palm vein',
  'iris',
  'retina',
  'face',
  'facial',
  'voice',
  'gait',
  'vein',
  'biometric',
  'hand geometry',
];
const KEPT = [
  'template',
  'template hash',
  'image',
  'record',
  'scan',
  'hash',
  'enrolment',
  'enrollment',
  'enrolment number',
  'enrollment number',
  'sample',
  'reference',
];
const LABELS = [
  ...PARTS.flatMap((part) => KEPT.map((kept) => `${part} ${kept}`)),
  ...[
    'fingerprint',
    'thumbprint',
    'palmprint',
    'palm print',
    'iris',
    'retina',
    'voiceprint',
    'voice print',
    'faceprint',
  ],
  ...[
    'fingerprint set',
    'fingerprint card',
    'iris code',
    'tenprint',
    'ten print',
    'latent print',
    'biometric',
    'bio ref',
    'face id',
    'faceid',
    'voice id',
    'speaker id',
  ],
  ...[
    'facial recognition record',
    'dna profile',
    'dna sample',
    'dna barcode',
    'genetic sample',
    'ndnad',
  ],
  ...[
    'afis',
    'afis sid',
    'identificador biométrico',
    'identifiant biométrique',
    'gabarit biométrique',
    'iris-kennung',
  ],
  ...[
    'empreinte',
    'empreinte digitale',
    'empreintes digitales',
    'huella',
    'huella dactilar',
    'huellas dactilares',
  ],
  ...[
    'plantilla biométrica',
    'impronta digitale',
    'impressão digital',
    'template biométrico',
    'vingerafdruk',
  ],
  ...['odcisk palca', 'fingerabdruck', 'gesichtsbild', 'stimmabdruck', '指紋登録ID', '指纹编号'],
];

/** What is done with a template, or found with a print. */
const LEADS = (
  'stored filed saved enrolled registered indexed held kept recorded listed catalogued linked matched matches compared hit ' +
  'print prints scan image template sample'
).split(' ');
/** Letters and numbers in parts, no day behind the letters. */
const CODE = String.raw`[A-Z]{1,5}[-_](?=[A-Z\d_-]{0,20}\d\d)(?!(?:19|20)\d\d-\d\d(?:-\d\d)?(?![\w-]))[A-Z\d]{1,12}(?:[-_][A-Z\d]{1,12}){1,5}`;

export const biometricId: Recognizer = {
  name: 'biometric-id',
  type: 'BIOMETRIC_ID',
  patterns: [
    ...besideLabel(
      LABELS,
      String.raw`(?<!(?:sha|md)-?\d{1,3}[:-])(?!(?:sha|md)-?\d{1,3}[:-]|(?:[\da-f]{2}:){5})(?=[\p{L}\d+/_:-]{0,40}\d)[\p{L}\d][\p{L}\d+/_:-]{5,120}(?<!:)={0,2}`,
      { score: 0.85 },
    ),
  ],
  validate: (value) => (value.replace(/\D/g, '').length >= 3 ? 'passed' : 'failed'),
  matches: [
    ['fingerprint template: FP-88213-A7', 'FP-88213-A7'],
    ['voiceprint ID VP482913', 'VP482913'],
    ['"biometricId":"bio_4829a7f1"', 'bio_4829a7f1'],
    ['face_id=fr_f7308f878701 match=0.973', 'fr_f7308f878701'],
    ['finger template hash 5361e78043587089c471', '5361e78043587089c471'],
    ['facial recognition record FACE:88F3-21C0-7D was', 'FACE:88F3-21C0-7D'],
    ['AFIS SID: FBN89389065, ten', 'FBN89389065'],
    ["l'identifiant biométrique EMP-2291-A", 'EMP-2291-A'],
    [
      'facial image ref. BX-FI-6172-2035; fingerprints ref. BX-FP-6172-2036.',
      'BX-FI-6172-2035',
      'BX-FP-6172-2036',
    ],
    ['biometric enrolment number 6172/20355/40021 on', '6172/20355/40021'],
    ['huella dactilar n.º HD-617220', 'HD-617220'],
  ],
  rejects: [
    'The server key fingerprint is SHA256:nThbg6kXUpJWGl7E1I',
    'SHA1 Fingerprint=3A:4B:5C:11:22:33:44:55',
    'fingerprint reader broken',
    'biometric login',
    'fingerprint 12',
    'face image 12',
    'the voice model gpt-4o-2024-08',
    'iris was planted in 2019',
  ],
};

/** Where prints and templates are spoken of, what they were stored under. */
export const biometricRecord: Recognizer = {
  name: 'biometric-record',
  type: 'BIOMETRIC_ID',
  patterns: [
    {
      // `the template was stored under FP-90417-K2`, `matched the left thumb to LT-0417-2263`.
      name: 'stored-under',
      anchor: LEADS,
      regex: new RegExp(
        String.raw`(?<![\w-])(?:${LEADS.join('|')}) (?:under|as|to|with|against|on|in|at)(?: (?:the |its )?(?:reference|ref\.?|key|id|number|no\.?))?:? ?(?<value>${CODE})(?![\w]|[-.]\w)`,
        'g',
      ),
      score: 0.88,
      needsContext: true,
    },
  ],
  context: {
    words: (
      'fingerprint fingerprints thumbprint thumb palm palmprint iris retina retinal voiceprint faceprint biometric biometrics latent ' +
      'afis tenprint facial gait enrolee enrollee swab dna'
    ).split(' '),
    boost: 0,
    against: [
      'order',
      'invoice',
      'ticket',
      'part',
      'model',
      'sku',
      'reader',
      'warranty',
      'passport',
      'visa',
    ],
    penalty: 0.6,
    charsBefore: 90,
    againstBefore: 24,
    charsAfter: 24,
  },
  matches: [
    ['The thumbprint was filed under TP-6172-2035-K.', 'TP-6172-2035-K'],
    ["matched the left index print to LX-6172-2035-R, the enrolee's biometric", 'LX-6172-2035-R'],
    ['The iris template is kept under the key IR-6172-20-B', 'IR-6172-20-B'],
  ],
  rejects: [
    'The report was filed under TP-6172-2035-K.',
    'the order for the fingerprint reader was stored under FR-6172-20-B',
    'fingerprints were saved as SCAN-2024-05',
  ],
};
