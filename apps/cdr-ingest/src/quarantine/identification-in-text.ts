import type { RecordContent } from '../domain/record-content.ts';

/** Shorter ones (a PIN of four digits) would be found in any date. */
const SHORTEST = 6;
/** Its values are technologies, such as `mifareCls` (OICP §9.7). */
const TECHNOLOGY = '/RFID';

const bare = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

/** Whether a text repeats a card number, contract id or PIN of these records, in whatever spelling. */
export function namesIdentification(text: string, contents: readonly RecordContent[]): boolean {
  const written = bare(text);
  return contents.some(({ values }) => [...values].some(([pointer, value]) => {
    const secret = pointer.startsWith('/Identification/') && !pointer.endsWith(TECHNOLOGY) ? bare(value) : '';
    return secret.length >= SHORTEST && written.includes(secret);
  }));
}
