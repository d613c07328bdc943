function digitsOf(text: string): string {
  return text.replace(/\D/gu, '');
}

/** Check digit that completes a number by the Luhn formula (ISO/IEC 7812-1, annex B). */
export function luhnDigit(body: string): number {
  const sum = [...digitsOf(body)].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** ISO 7064 MOD 97-10 over an IBAN's rearranged characters. */
function mod97(text: string): number {
  const digits = [...text].map((character) => parseInt(character, 36).toString()).join('');
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}

/** An IBAN of the country and basic account number with its two check digits (ISO 13616-1). */
export function ibanOf(country: string, account: string): string {
  const check = 98 - mod97(`${account}${country}00`);
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

export function isValidIban(text: string): boolean {
  const iban = text.replace(/\s/gu, '');
  return mod97(`${iban.slice(4)}${iban.slice(0, 4)}`) === 1;
}

export function isValidLuhn(text: string): boolean {
  const digits = digitsOf(text);
  return luhnDigit(digits.slice(0, -1)) === Number(digits.slice(-1));
}
