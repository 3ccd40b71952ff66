import { borders, iso1A2Code } from '@rapideditor/country-coder';

/** ISO 3166-1 alpha-2, e.g. `CH`. */
export type CountryCode = string;

/** Alpha-3 as OICP wants it, or whatever else names a country: alpha-2, a number, an English name. */
export function countryNamed(name: string | null | undefined): CountryCode | null {
  const text = name?.trim();
  return text ? iso1A2Code(text) : null;
}

/** ISO ids begin with alpha-2, DIN ids with the calling code of the country (OICP §4.2). */
export function countryOfId(evseId: string): CountryCode | null {
  const callingCode = /^\+?(\d{1,3})\*/.exec(evseId)?.[1];
  if (callingCode !== undefined) return countryByCallingCode.get(callingCode) ?? null;
  const letters = /^[A-Za-z]{2}/.exec(evseId)?.[0];
  return letters === undefined ? null : iso1A2Code(letters);
}

/** The address decides; the id only helps when the address is silent. */
export function countryOf(addressCountry: string | null | undefined, evseId: string): CountryCode | null {
  return countryNamed(addressCountry) ?? countryOfId(evseId);
}

/** Codes that several countries share (`1`, `7`) are left out: they would be a guess. */
const countryByCallingCode: ReadonlyMap<string, CountryCode> = (() => {
  const countries = new Map<string, CountryCode[]>();
  for (const { properties } of borders.features) {
    if (properties.level !== 'country' || !properties.iso1A2) continue;
    const code = properties.callingCodes?.find((each) => !each.includes(' '));
    if (code !== undefined) countries.set(code, [...(countries.get(code) ?? []), properties.iso1A2]);
  }
  return new Map([...countries].flatMap(([code, [first, ...others]]) =>
    (first !== undefined && others.length === 0 ? [[code, first] as const] : [])));
})();
