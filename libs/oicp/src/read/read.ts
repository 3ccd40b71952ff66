import { MESSAGE_CLASSES, type MessageKind, type OicpMessages } from '../messages/messages.ts';
import { markLongNumbers } from '../numbers/long-literals.ts';
import type { Finding, RejectedRecord } from '../finding.ts';
import { ReadContext } from './context.ts';
import { objectReader } from './object-reader.ts';
import '../rules/all-rules.ts';

/**
 * What reading gave. `ok` means that the essential members are there; everything else that deviates is a finding.
 * Findings of records that could not be read are with the record, not in `findings`.
 */
export type ReadOutcome<T> =
  | {
    readonly ok: true;
    readonly message: T;
    readonly findings: readonly Finding[];
    readonly rejected: readonly RejectedRecord[];
  }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** JSON text or its UTF-8 bytes, read as one kind of message. Never throws, whatever the input. */
export function readOicp<K extends MessageKind>(kind: K, text: string | Uint8Array): ReadOutcome<OicpMessages[K]> {
  const parsed = parseJson(text);
  return parsed.ok ? readOicpValue(kind, parsed.value) : { ok: false, findings: [notJson] };
}

/**
 * An already parsed JSON value, read as one kind of message; the value is not changed. Never throws. Numbers with more
 * than 15 digits have lost digits before they come here: give the text to `readOicp` where energy or money matters.
 */
export function readOicpValue<K extends MessageKind>(kind: K, value: unknown): ReadOutcome<OicpMessages[K]> {
  const context = new ReadContext();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.report({ code: 'not-an-object', severity: 'error', message: `no JSON object; expected: ${kind}` });
    return { ok: false, findings: context.findings };
  }
  try {
    const message = objectReader(MESSAGE_CLASSES[kind])(value as Record<string, unknown>, context);
    return message === undefined
      ? { ok: false, findings: context.findings }
      : { ok: true, message: message as OicpMessages[K], findings: context.findings, rejected: context.rejected };
  } catch {
    // Only values that JSON cannot make get here: throwing getters, proxies.
    return { ok: false, findings: [{ pointer: '', code: 'unreadable', severity: 'error', message: 'no JSON value' }] };
  }
}

const notJson: Finding = {
  pointer: '', code: 'not-json', severity: 'error', message: 'the text cannot be parsed; expected: one JSON document',
};

/** JSON text to value, with long number literals marked; a byte order mark is ignored. */
export function parseJson(text: string | Uint8Array): { ok: true; value: unknown } | { ok: false } {
  try {
    const json = typeof text === 'string' ? text : new TextDecoder().decode(text);
    const value: unknown = JSON.parse(markLongNumbers(json.charCodeAt(0) === 0xfeff ? json.slice(1) : json));
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}
