const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LENGTH_WITHOUT_CHECK = 11;

/**
 * Check digit of a contract id by DIN SPEC 91286: letters become 10–35, the digits of the whole are weighted with
 * powers of two, modulo 11; ten is written `X`. `INTNM000110` → `X`. `undefined` for anything but 11 letters and digits.
 */
export function din91286CheckDigit(bareId: string): string | undefined {
  const id = bareId.toUpperCase();
  if (id.length !== LENGTH_WITHOUT_CHECK) return undefined;
  let digits = '';
  for (const character of id) {
    const index = ALPHABET.indexOf(character);
    if (index < 0) return undefined;
    digits += String(index);
  }
  let sum = 0;
  for (let place = digits.length - 1; place >= 0; place -= 1) sum = (sum * 2 + Number(digits[place])) % 11;
  return sum === 10 ? 'X' : String(sum);
}
