/**
 * The grammars of OICP §4 as regular expressions that mean the same with and without the `u` flag: no needless
 * escapes, and no literal pipe inside a character class. Where the published pattern lets `|` through
 * (`DE|8EO|Aet5e4|3`), these do not.
 */
export const EVSE_ID_STRICT = /^(?:[A-Z]{2}\*?[A-Z0-9]{3}\*?E[A-Z0-9*]{1,30}|\+?[0-9]{1,3}\*[0-9]{3}\*[0-9*]{1,32})$/;
export const EVSE_ID_ANY_CASE =
  /^(?:[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?[Ee][A-Za-z0-9*]{1,30}|\+?[0-9]{1,3}\*[0-9]{3}\*[0-9*]{1,32})$/;
export const OPERATOR_ID = /^(?:[A-Za-z]{2}\*?[A-Za-z0-9]{3}|\+?[0-9]{1,3}\*[0-9]{3})$/;
export const PROVIDER_ID = /^[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}$/;
/** In the pricing pulls a single `*` stands for all providers. */
export const PROVIDER_ID_OR_ALL = /^(?:[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}|\*)$/;
export const EVCO_ID =
  /^(?:[A-Za-z]{2}-?[A-Za-z0-9]{3}-?C[A-Za-z0-9]{8}-?[0-9A-Za-z]|[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}[*-]?[A-Za-z0-9]{6}[*-]?[0-9X])$/;
/** What occurs besides: any separator, any case, no check character, ISO instances that do not begin with `C`. */
export const EVCO_ID_TOLERATED =
  /^[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}[*-]?(?:[A-Za-z0-9]{9}(?:[*-]?[A-Za-z0-9])?|[A-Za-z0-9]{6}(?:[*-]?[0-9Xx])?)$/;
export const SESSION_ID = /^[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}$/;
export const UID = /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/;
export const UID_TOLERATED = /^[0-9A-Fa-f]{2}(?:[ :.-]?[0-9A-Fa-f]{2})*$/;
export const CHARGING_POOL_ID = /^[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?P[A-Za-z0-9*]{1,30}$/;
/** The wider of the two published ones: the EMP text forgets the characters of Bcrypt (E-20). */
export const HASH_VALUE = /^[0-9A-Za-z.+/=$]{10,100}$/;
