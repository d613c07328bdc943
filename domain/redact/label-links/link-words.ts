import { wordsOf } from '../words-of.js';

/** Stand between a label and its value and say nothing of their own. */
const FILLERS: readonly string[] = wordsOf(`
    is was are were be as to of now still set reads read changed from entered given provided recorded
    value values val new old current currently previous answer a the my your his her our their its this
    that one it's its issued assigned registered listed shown printed equals eq says states stated
    confirmed reported updated corrected text string str raw display system use type content data
    namely viz would will should might be says shows here sure yes ok okay well um uh so just not actually correctly being has been
    only nur solo sólo seulement actualmente derzeit aktuell momentan jetzt
    ist lautet est c'est c’est es è é och är`);

/** Never the value of a label, though some take any word for one. */
const NO_VALUES: readonly string[] = wordsOf(`
    none null nil undefined unknown missing empty blank required optional invalid valid pending
    na n/a tbd true false no and or but for with without in on at by has have had will would
    should must can cannot could might if then when while please thanks nobody everyone someone
    field column name names number numbers id ids type types account accounts must failed expired
    obligatoire requis requise oublié unique aucun obligatorio obligatoria requerido requerida olvidada nuevo
    nueva ninguno obrigatório obrigatória esquecida novo nova obbligatorio obbligatoria richiesto richiesta
    nuovo nuova erforderlich notwendig vergessen wird werden siehe alle keine neu verplicht vergeten nieuw
    obligatoriskt glömt wymagane wymagana wymagany zapomniane nowe обязательный обязательно обязателен
    забыл zorunlu 必填 必須 필수`);

/** After one of these a value follows even where the label is a common word. */
const COPULAS: readonly string[] = wordsOf(
  `is was are be reads says shows equals namely viz as contains ist lautet enthält est c'est c’est contient es contiene è contiene`,
);

/** Labels of what identifies no person, and words that bound a number: a value behind one is theirs. */
const OTHER_LABELS: readonly string[] = wordsOf(`
    order orders invoice invoices tracking parcel shipment ticket tickets issue bug case lot batch sku
    part item product article model version release build revision commit hash checksum md5 sha256
    page pages chapter section paragraph line row rows room floor isbn issn rfc iso port error code
    amount total price sum cost fee qty quantity count size width height length weight score ratio
    reference ref step offset range year years balance revenue turnover spending volume premium
    deductible satisfaction reviews growth rate budget salary
    between than least most maximum minimum max min limit digits characters chars
    mínimo mínima máximo máxima minimaal maximaal minimal mindestens höchstens almeno`);

/** Common words that are labels as well: they need a sign, a kind (`number`, `ID`) or a copula. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  wordsOf(`
    account acct acc policy member membership customer client employee staff badge insurance claim loan
    plan payroll group student personnel reservation booking loyalty konto compte cuenta patient chart
    device machine hardware equipment pump implant user login handle nick nickname alias skype twitter
    instagram github license licence certificate certification permit bar tag reg registration plate
    plates targa ausweis pass token secret credential credentials age aged ages turned turns alter edad
    born birthday geboren phone mobile cell contact text handy subscriber beneficiary medicare medicaid document rib bsb rx prescription accession specimen encounter vehicle car truck van motorcycle motorbike advertising android serial zip postal
    savings checking recipient plaque placa celular gsm discord telegram identifiant usuario benutzer
    sinistre póliza индекс afis
    pension pupil polis polizza poliza donor tenant tenancy subscription mandate roll enrolment
    enrollment candidate applicant redress cad huduma
    expires expiry exp since joined started seit desde depuis sinds vence caduca caducidad vencimiento
    vencimento scade scadenza validade cid csc otp keypad lockbox padlock combo locker safe alarm
    naissance nascita nascimento nacimiento geburtstag dn
    cdl permis patente lic cert cert. foid perc twic pwz oab
    thumbprint palmprint iris retina faceprint tenprint empreinte huella fingerabdruck
    chi phn hcn ihi phin nam dva tricare carteirinha
    bcbs bluecross aetna cigna humana kaiser anthem uhc unitedhealthcare bupa medibank adhérent mutuelle hin
    gmc emr empi csn ipp nhc prontuário casenote
    sn receiver transmitter sensor transponder beacon tracker locator pendant bracelet monitor stimulator
    processor defibrillator icd lead cgm glucometer ventilator concentrator cpap prosthesis wheelchair
    meter unit handset tablet laptop notebook macbook ipad iphone watch camera scanner printer router
    modem headset terminal drone yubikey streamer bodycam dashcam chipped microchipped
    sra crm
    pw pin fingerprint biometric voiceprint swift dl passport`),
);

/** What a word is between a label and its value, a bit each. */
export const [FILLER, NO_VALUE, COPULA, OTHER_LABEL] = [1, 2, 4, 8];

const kinds = new Map<string, number>();
const take = (list: readonly string[], kind: number): void => {
  for (const word of list) kinds.set(word, (kinds.get(word) ?? 0) | kind);
};
take(FILLERS, FILLER | NO_VALUE);
take(NO_VALUES, NO_VALUE);
take(COPULAS, COPULA);
take(OTHER_LABELS, OTHER_LABEL);

/** @param word in lower case */
export const linkKinds = (word: string): number => kinds.get(word) ?? 0;
