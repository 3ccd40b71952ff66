import type { DeliveredEvent } from '@emp/messaging';
import { printable, type Ink } from '../command-line/text.ts';

/** An event as JSON shows it: CloudEvents attributes, place, and the body if it is JSON. */
export function eventJson({ topic, partition, position, key, headers, payload, appendedAt }: DeliveredEvent): object {
  return { topic, partition, position, key, appendedAt: appendedAt.toISOString(), headers, data: bodyOf(payload) };
}

/** One line: when it happened, what, of which key, where it lies, the facts. */
export function eventLine(
  { partition, position, key, headers, payload, appendedAt }: DeliveredEvent,
  { bold, dim }: Ink,
): string {
  const time = headers['ce_time'] ?? appendedAt.toISOString();
  const type = headers['ce_type'] ?? '(no type)';
  const place = dim(`${partition}/${position}`);
  return `${[dim(printable(time)), bold(printable(type)), printable(key), place, printable(payload)].join('  ')}\n`;
}

export function bodyOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
