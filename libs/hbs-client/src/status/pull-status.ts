import { carryOut, type Call, type CallParts } from '../call.ts';
import { ExchangeBroke, readText, type Answer } from '../connection/exchange.ts';
import { decodeAnswer, refused, trouble, type Trouble, type WholeAnswer } from '../decode.ts';
import type { EvseStatusBatch } from '../pages.ts';
import { pause } from '../pause.ts';
import { errorOf } from '../result.ts';
import { NotJson } from './record-scanner.ts';
import { StatusReader } from './status-reader.ts';

interface Opened {
  readonly ok: true;
  readonly answer: Answer;
  readonly signal: AbortSignal;
}

export interface StatusPull {
  readonly parts: CallParts;
  readonly call: Omit<Call<Opened>, 'receive'>;
  readonly batchSize: number;
  readonly now: () => Date;
}

const HEAD_CHARACTERS = 16_384;

/**
 * The whole status answer as batches, parsed while it arrives. An answer that is cut off is asked for again from the
 * start, so records may come twice. @throws EmpError `hbs-…`
 */
export async function* pullStatus(pull: StatusPull): AsyncGenerator<EvseStatusBatch> {
  const { parts, call } = pull;
  for (let round = 1; ; round += 1) {
    const startedAt = pull.now();
    const opened = await carryOut<Opened>(parts, { ...call, receive: openStatus });
    if (!opened.ok) throw errorOf(call.operation.name, opened);
    const { processId } = opened.answer;
    const failed: Trouble | undefined = yield* batches(pull, opened, { processId, startedAt });
    if (failed === undefined) return;
    parts.log.warn({ operation: call.operation.name, processId, reason: failed.reason, detail: failed.detail, round },
      'hbs status answer unusable');
    const { transient, ...failure } = failed;
    if (!transient || round >= call.operation.attempts || parts.closing.aborted) {
      throw errorOf(call.operation.name, { ...failure, retry: transient ? 'helps' : 'useless' });
    }
    await pause(parts.random() * parts.backOffMs * 2 ** round, parts.closing);
  }
}

/** The head decides whether to stream: anything but a 2xx JSON answer is small, and is read whole. */
async function openStatus(answer: Answer, signal: AbortSignal): Promise<Opened | Trouble> {
  const json = answer.contentType === undefined || answer.contentType.toLowerCase().includes('json');
  if (answer.httpStatus >= 200 && answer.httpStatus < 300 && json) return { ok: true, answer, signal };
  return troubleIn({ ...answer, text: await readText(answer.body) });
}

async function* batches(
  pull: StatusPull, { answer, signal }: Opened, of: { readonly processId: string | null; readonly startedAt: Date },
): AsyncGenerator<EvseStatusBatch, Trouble | undefined> {
  const reader = new StatusReader(pull.batchSize);
  const decoder = new TextDecoder('utf-8');
  let head = '';
  try {
    for await (const chunk of answer.body) {
      const piece = decoder.decode(chunk as Uint8Array, { stream: true });
      if (!reader.sawStatuses && head.length < HEAD_CHARACTERS) head += piece;
      for (const batch of reader.push(piece)) yield { ...batch, ...of };
    }
  } catch (error) {
    if (error instanceof NotJson) return troubleIn({ ...answer, text: head });
    const broke = error instanceof ExchangeBroke ? error : new ExchangeBroke(error);
    const what = signal.aborted ? `it took longer than ${pull.call.timeoutMs} ms` : broke.message;
    return trouble(answer, 'timeout', `the answer was cut off: ${what}`, { transient: true, done: 'perhaps' });
  }
  for (const batch of reader.end()) yield { ...batch, ...of };
  if (!reader.complete) {
    return trouble(answer, 'timeout', 'the answer was cut off: the JSON ends in the middle', { transient: true, done: 'perhaps' });
  }
  const code = reader.statusCode?.Code;
  if (code !== undefined && code !== '000') return refused({ ...answer, text: '' }, reader.statusCode);
  return reader.sawStatuses ? undefined : troubleIn({ ...answer, text: head });
}

/** What is wrong with an answer that is certainly not a list of statuses. */
function troubleIn(answer: WholeAnswer): Trouble {
  const decoded = decodeAnswer('EvseStatus', answer);
  return decoded.ok
    ? trouble(answer, 'foreign', `HTTP ${answer.httpStatus} with JSON that is no status answer`, {})
    : decoded;
}
