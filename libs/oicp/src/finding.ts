/**
 * How much a finding matters.
 * - `error`: not conformant; `writeOicp` refuses it, `readOicp` keeps what can be kept.
 * - `warning`: not to the letter, but the meaning is certain (another spelling, a number as text) or the letter itself
 *   is known to be wrong (see the errata register).
 * - `note`: conformant, yet worth knowing.
 */
export type Severity = 'error' | 'warning' | 'note';

/** One deviation of a document from the specification. Never contains a UID, an EvcoID or a PIN. */
export interface Finding {
  /** RFC 6901 pointer into the document as it arrived, aliases included; empty for the whole document. */
  readonly pointer: string;
  /** Stable slug, see `FINDING_CODES`. */
  readonly code: FindingCode;
  /** What is wrong and what is expected. */
  readonly message: string;
  readonly severity: Severity;
  /** The entry of the errata register it belongs to, e.g. `E-29`. */
  readonly erratum?: string;
}

/** A record of a list that could not be read; the others of the list are unharmed. */
export interface RejectedRecord {
  readonly pointer: string;
  readonly findings: readonly Finding[];
}

/** Every code a finding may carry, and what it says. Codes are only ever added. */
export const FINDING_CODES = {
  'not-json': 'the text is no JSON document',
  'not-an-object': 'a JSON object is expected here',
  'unreadable': 'the document cannot be read at all',
  'member-missing': 'a mandatory member is absent or null',
  'member-empty': 'a member is there but empty',
  'member-unknown': 'the specification does not know the member; it is kept',
  'member-repeated': 'an object has the same name twice; the last one counts',
  'member-spelling': 'the member has another name than the specification gives it',
  'member-not-allowed': 'the member must not be here together with others, or in this operation',
  'wrong-type': 'the value has a JSON type that cannot be understood here; it is left out',
  'number-as-text': 'a number came as a string',
  'text-as-number': 'a text came as a number',
  'boolean-as-text': 'a boolean came as a string or a number',
  'object-for-list': 'a single element came where a list is expected',
  'list-for-object': 'a list came where an object is expected',
  'list-for-value': 'a list came where a single value is expected',
  'text-for-object': 'a bare text came where an object is expected',
  'value-unknown': 'the literal is not in the enumeration; it is kept',
  'value-spelling': 'the literal is known in another spelling',
  'not-a-decimal': 'the value is no decimal number',
  'not-an-integer': 'a whole number is expected',
  'too-many-decimals': 'more decimals than the specification allows',
  'below-minimum': 'smaller than the specification allows',
  'above-maximum': 'larger than the specification allows',
  'zero-power': 'a charging facility without power',
  'too-short': 'shorter than the specification allows',
  'too-long': 'longer than the specification allows',
  'list-empty': 'a mandatory list has no element',
  'list-too-long': 'more elements than the specification allows',
  'evse-id-malformed': 'not an EVSE id',
  'evse-id-case': 'an EVSE id that is conformant only in upper case',
  'operator-id-malformed': 'not an operator id',
  'provider-id-malformed': 'not a provider id',
  'evco-id-malformed': 'not a contract id',
  'evco-id-form': 'a contract id that is understood but breaks the published pattern',
  'evco-check-digit': 'the check character of a contract id does not fit',
  'uid-malformed': 'not the UID of a card',
  'uid-spelling': 'a UID in lower case or with separators',
  'session-id-malformed': 'not a session id',
  'pool-id-malformed': 'not a charging pool id',
  'phone-malformed': 'not an international phone number',
  'language-malformed': 'not a language code',
  'country-malformed': 'not an ISO 3166-1 alpha-3 country code',
  'currency-malformed': 'not an ISO 4217 currency code',
  'time-zone-malformed': 'not of the form UTC±hh:mm',
  'time-malformed': 'not a time of day hh:mm',
  'date-time-malformed': 'not a date-time of the form YYYY-MM-DDThh:mm:ss±hh:mm',
  'date-time-without-zone': 'a date-time without offset; it is read as UTC',
  'coordinates-malformed': 'not a coordinate of the announced notation',
  'coordinates-too-precise': 'coordinates with more than six decimals',
  'coordinates-empty': 'coordinates without content, such as "None None"',
  'coordinates-implausible': 'coordinates at a well-known placeholder or off the globe',
  'status-code-malformed': 'a status code is three digits in a string',
  'status-text-differs': 'the description of a status code is not its standard text',
  'verdict-contradictory': 'the status code does not fit the verdict',
  'operator-prefix-differs': 'the prefix of the EvseID is not that of the operator of the record',
  'status-code-unknown': 'a status code that OICP 2.3 does not list',
  'hash-malformed': 'not a hash value',
  'energy-differs': 'consumed energy is not end minus start of the meter',
  'energy-implausible': 'an amount of energy that no session has',
  'meter-values-disordered': 'meter values decrease',
  'instants-disordered': 'moments are not in the order in which a session passes them',
  'duration-differs': 'the duration is not the time between the two moments',
  'filter-not-allowed': 'a filter that must not be combined with another',
  'identification-missing': 'none of the five kinds of identification is there',
  'identification-ambiguous': 'more than one kind of identification is there',
  'identification-not-allowed': 'this kind of identification is not used in this operation',
  'opening-times-missing': 'not open around the clock, and no opening times',
  'signed-values-too-many': 'more than ten signed metering values',
  'signed-values-disordered': 'signed metering values are not in the order Start, Progress…, End',
  'payment-contradictory': '"No Payment" stands beside a way to pay',
  'credential-missing': 'neither PIN nor hashed PIN',
  'credential-ambiguous': 'both PIN and hashed PIN',
  'energy-sources-exceed': 'shares of energy sources add up to more than 100 %',
  'window-reversed': 'the end of the window lies before its beginning',
  'page-inconsistent': 'the page contradicts itself',
} as const;

export type FindingCode = keyof typeof FINDING_CODES;
