import { wordsOf } from '../words-of.js';

/** What a passport of a country is called, the United States left out. */
export const DEMONYMS: readonly string[] = wordsOf(`
    afghan albanian algerian angolan argentine argentinian armenian australian austrian azerbaijani
    bahraini bangladeshi belarusian belgian bolivian bosnian botswanan brazilian british bulgarian
    cambodian cameroonian canadian chilean chinese colombian congolese croatian cuban cypriot czech
    danish dominican dutch ecuadorian egyptian emirati eritrean estonian ethiopian fijian filipino
    philippine finnish french gambian georgian german ghanaian greek guatemalan haitian honduran
    hungarian icelandic indian indonesian iranian iraqi irish israeli italian ivorian jamaican
    japanese jordanian kazakh kenyan korean kosovan kuwaiti kyrgyz latvian lebanese libyan lithuanian
    luxembourgish malaysian maldivian malian maltese mauritian mexican moldovan mongolian
    montenegrin moroccan mozambican burmese namibian nepalese nepali nicaraguan nigerian norwegian
    omani pakistani palestinian panamanian paraguayan peruvian polish portuguese qatari romanian
    russian rwandan salvadoran saudi senegalese serbian singaporean slovak slovenian somali spanish
    sudanese swedish swiss syrian taiwanese tanzanian thai trinidadian tunisian turkish ugandan
    ukrainian uruguayan uzbek venezuelan vietnamese yemeni zambian zimbabwean uk eu`);
