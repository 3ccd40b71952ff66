import type { StatusCode } from '../types/status-code.ts';
import { STATUS_CODES, type KnownStatusCode } from './status-codes.ts';

const LONGEST_ADDITIONAL_INFO = 1000;

/**
 * The StatusCode object of a reply: code, its standard text, and free text in `AdditionalInfo` (cut at 1000 characters).
 * Only codes of §11 can be sent.
 */
export function statusCode(code: KnownStatusCode, additionalInfo?: string): StatusCode {
  return {
    Code: code,
    Description: STATUS_CODES[code].description,
    ...(additionalInfo === undefined ? {} : { AdditionalInfo: additionalInfo.slice(0, LONGEST_ADDITIONAL_INFO) }),
  };
}
