import { DAY_WORD } from './day-words.js';

/** Names of days; short forms that are words of a language as well only with their dot. */
const WEEKDAY = String.raw`(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)\.?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|(?:mo|di|mi|fr|sa)\.|(?:do|so)\.(?=,| \d)|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:lun|mar|mer|jeu|ven|sam|dim)\.|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:mié|jue|vie|sáb|dom)\.|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|(?:gio|sab)\.|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|poniedziałek|wtorek|środa|środę|czwartek|piątek|sobota|sobotę|niedziela|niedzielę)`;

/** A weekday and what stands between it and its date: `Tuesday, `, `Dienstag, den `. */
export const WEEKDAY_BEFORE = String.raw`${WEEKDAY}(?:,? |, ?)(?:(?:the|den|dem|le|el|il|día|dia|dnia) )?`;

/** Group `lead` of a date that begins with its month: the weekday or the day in words before it, or nothing. */
export const LED_BY_WORDS = String.raw`(?<=(?<lead>(?:(?<![\p{L}\p{N}])(?:${WEEKDAY_BEFORE}|${DAY_WORD} ))?))`;

/** Group `lead` of a date: the weekday before it, or nothing. */
export const LED_BY_WEEKDAY = String.raw`(?<=(?<lead>(?:(?<![\p{L}\p{N}])${WEEKDAY_BEFORE})?))`;

const DAY = String.raw`(?:[12]\d|3[01]|0?[1-9])`;
/** Of a month's name in English. */
const MONTH_START = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const MONTH = '(?:1[0-2]|0?[1-9])';

/** What is a date behind a weekday alone: `Tue 9/7`, `Freitag, 4.3.`, `Monday 3rd`. */
export const DAY_OF_WEEK = String.raw`(?<=(?<![\p{L}\p{N}])(?<lead>${WEEKDAY_BEFORE}))(?<!friday the )(?:${DAY}(?:st|nd|rd|th)(?! (?:floor|st|street|ave|avenue))|${DAY}\/${MONTH}|${MONTH}\/${DAY}|${DAY}\.${MONTH}\.)(?![\p{L}\p{N}]|[-/:]\d|[.,]\d| of (?!${MONTH_START}))`;
