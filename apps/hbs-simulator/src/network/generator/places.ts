/** Where generated stations stand: towns with their position, so that a position is in the country it says. */
export interface Town {
  readonly name: string;
  readonly postalCode: string;
  readonly latitude: number;
  readonly longitude: number;
}

export interface Country {
  /** ISO 3166-1 alpha-3, as in addresses. */
  readonly alpha3: string;
  /** ISO 3166-1 alpha-2, as in ids. */
  readonly alpha2: string;
  readonly zone: string;
  readonly phone: string;
  /** Share of the network. */
  readonly weight: number;
  readonly language: string;
  readonly towns: readonly [Town, ...Town[]];
}

const town = (name: string, postalCode: string, latitude: number, longitude: number): Town => ({ name, postalCode, latitude, longitude });

export const COUNTRIES: readonly [Country, ...Country[]] = [
  { alpha3: 'DEU', alpha2: 'DE', zone: 'Europe/Berlin', phone: '+49', weight: 45, language: 'de', towns: [
    town('Berlin', '10115', 52.52, 13.405), town('Hamburg', '20095', 53.551, 9.994), town('München', '80331', 48.137, 11.575),
    town('Köln', '50667', 50.938, 6.96), town('Leipzig', '04109', 51.34, 12.373), town('Stuttgart', '70173', 48.776, 9.183),
  ] },
  { alpha3: 'CHE', alpha2: 'CH', zone: 'Europe/Zurich', phone: '+41', weight: 20, language: 'de', towns: [
    town('Zürich', '8001', 47.377, 8.541), town('Bern', '3011', 46.948, 7.447), town('Genève', '1204', 46.204, 6.143),
    town('Chur', '7000', 46.85, 9.532),
  ] },
  { alpha3: 'AUT', alpha2: 'AT', zone: 'Europe/Vienna', phone: '+43', weight: 12, language: 'de', towns: [
    town('Wien', '1010', 48.208, 16.373), town('Graz', '8010', 47.071, 15.439), town('Salzburg', '5020', 47.809, 13.055),
  ] },
  { alpha3: 'FRA', alpha2: 'FR', zone: 'Europe/Paris', phone: '+33', weight: 8, language: 'fr', towns: [
    town('Lyon', '69001', 45.764, 4.836), town('Dijon', '21000', 47.322, 5.041), town('Reims', '51100', 49.258, 4.032),
  ] },
  { alpha3: 'NLD', alpha2: 'NL', zone: 'Europe/Amsterdam', phone: '+31', weight: 8, language: 'nl', towns: [
    town('Utrecht', '3511', 52.091, 5.122), town('Arnhem', '6811', 51.985, 5.899),
  ] },
  { alpha3: 'ITA', alpha2: 'IT', zone: 'Europe/Rome', phone: '+39', weight: 4, language: 'it', towns: [
    town('Milano', '20121', 45.464, 9.19), town('Bologna', '40121', 44.494, 11.343),
  ] },
  { alpha3: 'BEL', alpha2: 'BE', zone: 'Europe/Brussels', phone: '+32', weight: 3, language: 'fr', towns: [
    town('Namur', '5000', 50.467, 4.867), town('Gent', '9000', 51.054, 3.725),
  ] },
];

/** The IANA zone of a country in an address; Berlin's if it is not in the list. */
export const zoneOfCountry = (alpha3: string): string =>
  COUNTRIES.find((country) => country.alpha3 === alpha3)?.zone ?? 'Europe/Berlin';
