/**
 * Check character of a contract id by ISO 15118-1 annex H. Every character is a number 0–35 written as two digits
 * over GF(2) and two over GF(3). The sum of the pairs, the i-th multiplied by the i-th power of a fixed matrix, must
 * vanish together with the check character at place 15; both matrices have small order, so the last power is known.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LENGTH_WITHOUT_CHECK = 14;

/**
 * The check character of 14 letters and digits (country, provider, instance), e.g. `DE83DUIEN83QGZ` → `D`.
 * `undefined` for anything else.
 */
export function iso15118CheckDigit(bareId: string): string | undefined {
  const id = bareId.toUpperCase();
  if (id.length !== LENGTH_WITHOUT_CHECK) return undefined;
  let [b1, b2, t1, t2] = [0, 0, 0, 0];
  // Horner's scheme from the last character: (sum + character) × matrix.
  for (let place = LENGTH_WITHOUT_CHECK - 1; place >= 0; place -= 1) {
    const index = ALPHABET.indexOf(id.charAt(place));
    if (index < 0) return undefined;
    b1 += Math.floor(index / 18);
    b2 += Math.floor(index / 9) % 2;
    t1 += Math.floor(index / 3) % 3;
    t2 += index % 3;
    [b1, b2] = [b2 % 2, (b1 + b2) % 2];
    [t1, t2] = [t2 % 3, (t1 + 2 * t2) % 3];
  }
  // Over GF(2) the 15th power is the identity; over GF(3) its negated inverse is [0 2; 2 1].
  [t1, t2] = [(2 * t2) % 3, (2 * t1 + t2) % 3];
  return ALPHABET.charAt(b1 * 18 + b2 * 9 + t1 * 3 + t2);
}
