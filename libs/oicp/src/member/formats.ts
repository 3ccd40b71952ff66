import {
  CHARGING_POOL_ID, EVCO_ID, EVCO_ID_TOLERATED, EVSE_ID_ANY_CASE, EVSE_ID_STRICT, HASH_VALUE, OPERATOR_ID,
  PROVIDER_ID, PROVIDER_ID_OR_ALL, SESSION_ID, UID, UID_TOLERATED,
} from '../ids/patterns.ts';
import { matching, notMatching } from './constraint.ts';
import { formatted, text } from './types.ts';

/*
 * The formats of OICP §4 and §3 as member types. Where two constraints share a value, the looser one is an error and
 * the stricter one names a drift that is understood; a value that fails the looser one fails both, and the reader
 * reports the first.
 */

export const sessionId = formatted('a session id', [
  matching('session-id-malformed', SESSION_ID, '8-4-4-4-12 letters and digits'),
]);

export const evseId = formatted('an EVSE id', [
  matching('evse-id-malformed', EVSE_ID_ANY_CASE, 'an EVSE id like DE*AB7*E840*6487 or +49*810*000*438'),
  // The text asks for upper case since 2023, HBS converts; we send an id as we pulled it.
  matching('evse-id-case', EVSE_ID_STRICT, 'an EVSE id in upper case', { severity: 'warning', erratum: 'E-17' }),
], { strict: EVSE_ID_STRICT });

export const operatorId = formatted('an operator id', [
  matching('operator-id-malformed', OPERATOR_ID, 'an operator id like DE*ABC or +49*536'),
]);

export const providerId = formatted('a provider id', [
  matching('provider-id-malformed', PROVIDER_ID, 'a provider id like DE-EMP'),
]);

export const providerIdOrAll = formatted('a provider id or *', [
  matching('provider-id-malformed', PROVIDER_ID_OR_ALL, 'a provider id like DE-EMP, or * for all'),
]);

export const evcoId = formatted('a contract id', [
  matching('evco-id-malformed', EVCO_ID_TOLERATED, 'a contract id by ISO 15118 or DIN SPEC 91286'),
  matching('evco-id-form', EVCO_ID, 'a contract id with check character and an upper-case C', { erratum: 'E-18' }),
], { secret: true, strict: EVCO_ID });

export const uid = formatted('a UID', [
  matching('uid-malformed', UID_TOLERATED, '8, 14 or 20 hexadecimal digits', { erratum: 'E-19' }),
  matching('uid-spelling', UID, '8, 14 or 20 hexadecimal digits in upper case', { erratum: 'E-19' }),
], { secret: true, strict: UID });

export const chargingPoolId = formatted('a charging pool id', [
  // The text's pattern has no anchors, so that anything around an id passes; the swagger's has.
  matching('pool-id-malformed', CHARGING_POOL_ID, 'a pool id like DE*ABC*P123', { severity: 'warning' }),
]);

export const hashValue = formatted('a hash value', [
  matching('hash-malformed', HASH_VALUE, '10 to 100 characters of a hash', { erratum: 'E-20' }),
], { secret: true });

/** Free text of the partners, at most 250 characters. */
export const partnerSessionId = text({ max: 250 });

/** Any text up to 50 characters; `AC1`, `AC3`, `DC` are proposals (E-43). */
export const productId = text({ max: 50, weight: { severity: 'warning', erratum: 'E-43' } });

export const phoneNumber = formatted('a phone number', [
  matching('phone-malformed', /^\+[0-9]{5,15}$/, 'a plus sign and 5 to 15 digits'),
]);

export const country = formatted('a country', [
  matching('country-malformed', /^[A-Z]{3}$/, 'an ISO 3166-1 alpha-3 code', { erratum: 'E-47' }),
]);

export const currency = formatted('a currency', [
  matching('currency-malformed', /^[A-Z]{3}$/, 'an ISO 4217 code'),
]);

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z]{2,3}(?:-[a-zA-Z]{4})?)?(?:-x-[a-zA-Z0-9]{1,8})?$/;

const isLowerCase = (code: number): boolean => code >= 97 && code <= 122;

/** Nearly all are two letters, several in each record: these need no regular expression. */
const twoLetters = {
  test: (text: string): boolean => text.length === 2 && isLowerCase(text.charCodeAt(0)) && isLowerCase(text.charCodeAt(1)),
};

export const language = formatted('a language', [
  matching('language-malformed', LANGUAGE, 'a code like de or en-GB'),
], { strict: twoLetters });

const MOMENT = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?';
const ZONE = '(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';

export const dateTime = formatted('a date-time', [
  matching('date-time-malformed', new RegExp(`^${MOMENT}${ZONE}?$`), 'YYYY-MM-DDThh:mm:ss±hh:mm'),
  notMatching('date-time-without-zone', new RegExp(`^${MOMENT}$`), 'a numeric offset or Z'),
], { strict: new RegExp(`^${MOMENT}${ZONE}$`) });

export const timeOfDay = formatted('a time of day', [
  matching('time-malformed', /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'hh:mm, 00:00 to 24:00'),
]);

export const timeZone = formatted('a time zone', [
  matching('time-zone-malformed', /^UTC[+-][0-9]{2}:[0-9]{2}$/, 'UTC±hh:mm', { erratum: 'E-48' }),
]);

export const statusCodeText = formatted('a status code', [
  matching('status-code-malformed', /^[0-9]{3}$/, 'three digits in a string', { erratum: 'E-54' }),
], { digits: 3 });
