import { Decimal } from '@emp/money';
import { billingFinding, type MeteringFinding } from '../finding.ts';
import { JsonNumber, type JsonValue } from '../json/json-value.ts';

export interface ReadValue {
  readonly value: Decimal | undefined;
  readonly findings: readonly MeteringFinding[];
}

/**
 * Reads `RV` with the digits it was written with. The specification wants a number; meters in the field also write
 * texts, padded with blanks or zeros.
 */
export function readOcmfValue(value: JsonValue | undefined): ReadValue {
  if (value instanceof JsonNumber) return { value: Decimal.tryParse(value.literal), findings: [] };
  if (typeof value !== 'string') return { value: undefined, findings: [] };
  const match = /^\s*\+?(-?)0*(\d{1,40}?)(?:([.,])(\d{1,40}))?\s*$/.exec(value);
  if (!match) return { value: undefined, findings: [] };
  const [, sign = '', whole = '', mark, fraction] = match;
  const written = `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`;
  const finding =
    mark === ','
      ? billingFinding('decimal-comma', 'warning', 'energy', 'a reading is written with a decimal comma')
      : billingFinding('value-as-text', 'note', 'energy', 'a reading is written as a text instead of a number');
  return { value: Decimal.tryParse(written), findings: [finding] };
}
