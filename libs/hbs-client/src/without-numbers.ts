/** 8, 14 or 20 hexadecimal digits by themselves: a UID. The groups of a GUID are joined by dashes. */
const UID = /(?<![0-9A-Z-])(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})(?![0-9A-Z-])/gi;
/**
 * Country, provider, instance: an EvcoID; what begins with E after the separator is an EVSE. Words look like one that is
 * written together ("application", "white-listed"), but have no digits.
 */
const EVCO_ID =
  /(?<![0-9A-Z*-])(?:[A-Z]{2}[*-]|(?=[A-Z*-]*[0-9])[A-Z]{2})[A-Z0-9]{3}(?:[*-](?!E)|(?=C))[A-Z0-9]{6,9}(?:[*-]?[A-Z0-9])?(?![0-9A-Z])/gi;

/** HBS's words about a message may quote card numbers and contract ids: they go to logs and tables without them. */
export const withoutNumbers = (text: string): string =>
  text.replaceAll(EVCO_ID, '<contract id>').replaceAll(UID, '<card number>');
