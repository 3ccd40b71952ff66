import { granted, refused, type Decision } from '@emp/kernel';

/** Charging is taxed where the electricity is consumed (VAT directive, Art. 39): the country of the charge point. */
export interface PlaceOfConsumption {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly notes: readonly string[];
}

/** E.164 country codes, as EVSE ids of the DIN form begin with them. */
const COUNTRY_OF_CODE: Readonly<Record<string, string>> = {
  30: 'GR', 31: 'NL', 32: 'BE', 33: 'FR', 34: 'ES', 36: 'HU', 39: 'IT', 40: 'RO', 41: 'CH', 43: 'AT', 44: 'GB', 45: 'DK', 46: 'SE',
  47: 'NO', 48: 'PL', 49: 'DE', 351: 'PT', 352: 'LU', 353: 'IE', 354: 'IS', 356: 'MT', 357: 'CY', 358: 'FI', 359: 'BG', 370: 'LT',
  371: 'LV', 372: 'EE', 385: 'HR', 386: 'SI', 420: 'CZ', 421: 'SK', 423: 'LI',
};

/** The country we know from the EVSE's address; else, with a note, the one its id begins with (`DE*…`, `+49*…`). */
export function placeOfConsumption(evseId: string, recordedCountry: string | null): Decision<PlaceOfConsumption, 'tax-country-unknown'> {
  if (recordedCountry !== null) return granted({ country: recordedCountry, notes: [] });
  const id = evseId.trim().toUpperCase();
  const iso = /^([A-Z]{2})\*?[A-Z0-9]{3}/.exec(id)?.[1];
  const din = COUNTRY_OF_CODE[/^\+?(\d{1,3})\*/.exec(id)?.[1] ?? ''];
  const country = iso ?? din;
  if (country === undefined) return refused('tax-country-unknown', `the EVSE ${evseId.slice(0, 50)} is unknown and its id names no country`);
  return granted({ country, notes: [`the EVSE is not in our register: the country ${country} was taken from its id`] });
}
