import { remarks } from './id-reading.ts';

const PARTNER = String.raw`^[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?`;

/** Why a text is no id of any grammar, as far as that can be said. */
export function whyNoId(text: string): readonly string[] {
  const id = text.trim();
  const bare = id.replaceAll(/[ :.-]/g, '');
  const hexadecimal = /^[0-9A-Fa-f]+$/.test(bare);
  return remarks(
    [id.includes('|'), 'a | separates nothing: the published patterns let it through by mistake (E-18), we do not'],
    [id === '*', '* stands for all providers, in the pricing pulls only (E-42)'],
    [hexadecimal && /\d/.test(bare), `as a UID it has ${bare.length} digits; 8, 14 or 20 are expected`],
    [!hexadecimal && /^(?:\w{8}|\w{14}|\w{20})$/.test(bare), 'as a UID it has letters beyond F'],
    [id.includes('*') && new RegExp(`${PARTNER}[^Ee*]`).test(id), 'as an EvseID it lacks the E after the operator'],
    [new RegExp(`${PARTNER}E[A-Za-z0-9*]{31,}$`).test(id), 'as an EvseID it is too long: at most 30 characters follow the E'],
    [new RegExp(`${PARTNER}P[A-Za-z0-9*]{1,30}$`).test(id), 'it may be a ChargingPoolID'],
  );
}
