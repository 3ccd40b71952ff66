import type { Finding, RejectedRecord } from '../finding.ts';
import type { FaultBody } from '../messages/fault-body.ts';
import type { MessageKind, OicpMessages } from '../messages/messages.ts';
import { parseJson } from '../read/parse-json.ts';
import { readOicpValue } from '../read/read.ts';
import type { StatusCode } from '../types/status-code.ts';

/** What HBS answered, by its shape (OICP §2.5). */
export type OicpReply<T> =
  /** The message that was expected. Its status code may still be a refusal. */
  | {
    readonly shape: 'message';
    readonly message: T;
    readonly findings: readonly Finding[];
    readonly rejected: readonly RejectedRecord[];
  }
  /** A bare status code in place of the message: a refusal or an error of HBS. */
  | { readonly shape: 'status-code'; readonly statusCode: StatusCode; readonly findings: readonly Finding[] }
  /** Our message was wrong. */
  | { readonly shape: 'fault'; readonly fault: FaultBody }
  /** Not an OICP answer: nginx, a proxy, an empty body. */
  | { readonly shape: 'foreign'; readonly excerpt: string };

const LONGEST_EXCERPT = 200;

/**
 * Decodes an answer of HBS by shape, not by HTTP status: the expected message, else a bare status code, else a
 * FaultBody, else something foreign. Refusals come as 200 and as 4xx, and successes carry any 2xx.
 */
export function readReply<K extends MessageKind>(
  kind: K, httpStatus: number, contentType: string | undefined, text: string,
): OicpReply<OicpMessages[K]> {
  const parsed = parseJson(text);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value)) {
    return foreign(httpStatus, contentType, text);
  }
  const value = parsed.value as Record<string, unknown>;
  const outcome = readOicpValue(kind, value);
  if (outcome.ok && !isBareStatusCode(kind, value, outcome.message)) return { shape: 'message', ...withoutOk(outcome) };
  const acknowledgement = readOicpValue('Acknowledgement', value);
  if (acknowledgement.ok) {
    return { shape: 'status-code', statusCode: acknowledgement.message.StatusCode, findings: outcome.findings };
  }
  const fault = readOicpValue('FaultBody', value);
  if (fault.ok) return { shape: 'fault', fault: fault.message };
  return foreign(httpStatus, contentType, text);
}

/** An acknowledgement without `Result` is one only with the code `000` (§2.5); else it is an error object. */
function isBareStatusCode(kind: MessageKind, value: Record<string, unknown>, message: unknown): boolean {
  if (kind !== 'Acknowledgement') return false;
  const { Result, StatusCode } = message as OicpMessages['Acknowledgement'];
  return Result === undefined && StatusCode.Code !== '000' && !('Result' in value);
}

const withoutOk = <T>(outcome: {
  message: T; findings: readonly Finding[]; rejected: readonly RejectedRecord[];
}): { message: T; findings: readonly Finding[]; rejected: readonly RejectedRecord[] } => ({
  message: outcome.message, findings: outcome.findings, rejected: outcome.rejected,
});

function foreign(httpStatus: number, contentType: string | undefined, text: string): OicpReply<never> {
  const bare = text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_EXCERPT);
  return { shape: 'foreign', excerpt: `HTTP ${httpStatus}, ${contentType ?? 'no content type'}: ${bare || 'empty body'}` };
}
