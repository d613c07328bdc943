import { RegExpParser, type AST } from '@eslint-community/regexpp';

const parser = new RegExpParser();

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function takesDigits(element: AST.CharacterClassElement | AST.CharacterSet): boolean {
  if (element.type === 'Character') return isDigit(element.value);
  if (element.type === 'CharacterClassRange') {
    return isDigit(element.min.value) && isDigit(element.max.value);
  }
  return element.type === 'CharacterSet' && element.kind === 'digit' && !element.negate;
}

const demandedBy = (alternatives: readonly AST.Alternative[]): boolean =>
  alternatives.every(({ elements }) => elements.some(isDemanded));

/** True where the element takes a digit, or looks ahead at one, in every case. */
function isDemanded(element: AST.Element): boolean {
  switch (element.type) {
    case 'Assertion':
      return element.kind === 'lookahead' && !element.negate && demandedBy(element.alternatives);
    case 'Group':
    case 'CapturingGroup':
      return demandedBy(element.alternatives);
    case 'Quantifier':
      return element.min > 0 && isDemanded(element.element);
    case 'Character':
    case 'CharacterSet':
      return takesDigits(element);
    case 'CharacterClass':
      return !element.negate && element.elements.every(takesDigits);
    default:
      return false;
  }
}

/** Whether a match cannot be without a digit 0 to 9 in it or right behind it. */
export function needsDigit({ source, flags }: RegExp): boolean {
  const unicode = flags.includes('u');
  return demandedBy(parser.parsePattern(source, undefined, undefined, { unicode }).alternatives);
}
