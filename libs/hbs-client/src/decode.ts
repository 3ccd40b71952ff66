import type { Finding, MessageKind, OicpMessages, RejectedRecord, StatusCode } from '@emp/oicp';
import { readReply } from '@emp/oicp';
import type { HbsFailure, HbsReason } from './result.ts';
import { withoutNumbers } from './without-numbers.ts';

/** What came back, whole. */
export interface WholeAnswer {
  readonly httpStatus: number;
  readonly contentType: string | undefined;
  readonly processId: string | null;
  readonly text: string;
}

export interface Decoded<K extends MessageKind> {
  readonly ok: true;
  readonly message: OicpMessages[K];
  readonly findings: readonly Finding[];
  readonly rejected: readonly RejectedRecord[];
}

/** A failure before it is decided whether the caller may try again. */
export interface Trouble extends Omit<HbsFailure, 'retry'> {
  /** May pass by itself. */
  readonly transient: boolean;
  readonly retryAfterMs?: number;
}

/** Says no although the operation may succeed later: HBS's own trouble, or a partner that did not answer. */
const TRANSIENT_CODES = new Set(['001', '002']);

/** Decides by the shape of the body, not by the HTTP status (OICP §2.5). */
export function decodeAnswer<K extends MessageKind>(kind: K, answer: WholeAnswer): Decoded<K> | Trouble {
  if (answer.httpStatus === 429) return trouble(answer, 'rate-limited', 'HTTP 429: too many calls', { transient: true });
  const reply = readReply(kind, answer.httpStatus, answer.contentType, answer.text);
  switch (reply.shape) {
    case 'message': {
      const refusal = refusalIn(reply.message, answer);
      if (refusal !== undefined) return refusal;
      return { ok: true, message: reply.message, findings: reply.findings, rejected: reply.rejected };
    }
    case 'status-code':
      return reply.statusCode.Code === '000' ? hollow(kind, answer) : refused(answer, reply.statusCode);
    case 'fault':
      return fault(answer, reply.fault);
    case 'foreign':
      return foreign(answer);
  }
}

/** A message that says no: `Result` false, or a status code other than 000 (a page's may be null). */
function refusalIn(message: object, answer: WholeAnswer): Trouble | undefined {
  const { Result, StatusCode } = message as { readonly Result?: boolean; readonly StatusCode?: StatusCode };
  const code = StatusCode?.Code;
  const positive = Result ?? (code === undefined || code === '000');
  if (positive && (Result === true || code === undefined || code === '000')) return undefined;
  return refused(answer, StatusCode);
}

export function refused(answer: WholeAnswer, statusCode: StatusCode | undefined): Trouble {
  const code = statusCode?.Code ?? '';
  const words = [statusCode?.Description, statusCode?.AdditionalInfo].filter((text) => text !== undefined && text !== '');
  const reason: HbsReason = code === '017' ? 'unauthorized' : 'refused';
  return {
    ...trouble(answer, reason, `HBS answered ${code || 'no'}${words.length > 0 ? ` (${words.join('; ')})` : ''}`, {
      transient: TRANSIENT_CODES.has(code) || answer.httpStatus === 503,
      // HBS's own trouble may strike after it has forwarded the request.
      done: TRANSIENT_CODES.has(code) || answer.httpStatus >= 500 ? 'perhaps' : 'no',
    }),
    ...(statusCode === undefined ? {} : { statusCode }),
  };
}

/** A success that brings nothing, such as the published answer to PullPricingProductData (E-39). */
const hollow = (kind: MessageKind, answer: WholeAnswer): Trouble =>
  trouble(answer, 'foreign', `HTTP ${answer.httpStatus} and code 000, but it is no ${kind}: its content is missing`, {});

function fault(answer: WholeAnswer, body: { readonly message?: string; readonly validationErrors?: unknown }): Trouble {
  const errors = Array.isArray(body.validationErrors) ? body.validationErrors as { fieldReference?: unknown; errorMessage?: unknown }[] : [];
  const fields = errors.slice(0, 5).map((error) => `${String(error.fieldReference)}: ${String(error.errorMessage)}`);
  const detail = [body.message ?? 'FaultBody', ...fields].join('; ');
  const ours = answer.httpStatus < 500;
  return trouble(answer, 'fault', `HTTP ${answer.httpStatus}: ${detail}`, { transient: !ours, done: ours ? 'no' : 'perhaps' });
}

function foreign(answer: WholeAnswer): Trouble {
  const { httpStatus, text } = answer;
  if (httpStatus === 400 && /SSL certificate error|No required SSL certificate/i.test(text)) {
    return trouble(answer, 'unauthorized', 'HTTP 400: the client certificate is missing or not trusted (OICP §2.4)', {});
  }
  if (httpStatus === 403) {
    return trouble(answer, 'foreign', 'HTTP 403 that is not from HBS itself: is this machine\'s address white-listed? (OICP §2.4)', {});
  }
  if (httpStatus === 408 || httpStatus === 502 || httpStatus === 504) {
    return trouble(answer, 'timeout', `HTTP ${httpStatus}: no answer in time behind the proxy`, { transient: true, done: 'perhaps' });
  }
  const transient = httpStatus >= 500;
  const type = answer.contentType ?? 'no content type';
  return trouble(answer, 'foreign', `HTTP ${httpStatus} with a body that is not OICP (${type})`, {
    transient,
    done: transient || httpStatus < 300 ? 'perhaps' : 'no',
  });
}

export function trouble(
  answer: Pick<WholeAnswer, 'httpStatus' | 'processId'>,
  reason: HbsReason,
  detail: string,
  more: { readonly transient?: boolean; readonly done?: 'no' | 'perhaps' },
): Trouble {
  return {
    ok: false, reason,
    detail: withoutNumbers(detail),
    httpStatus: answer.httpStatus,
    processId: answer.processId,
    transient: more.transient ?? false,
    done: more.done ?? 'no',
  };
}
