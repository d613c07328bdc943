/** Regular expression source of the words that end an English street name, as printed. */
export const STREET_SUFFIX = String.raw`(?:Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Ter|Way|Circle|Cir|Square|Sq|Highway|Hwy|Parkway|Pkwy|Crescent|Close|Row|Trail|Trl|Loop|Alley|Plaza|Walk|Mews|Grove|Gardens|Hill|Quay|Cottages|Villas|Esplanade|Turnpike)`;
