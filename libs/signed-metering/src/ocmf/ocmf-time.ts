import { parseOffsetDateTime } from '@emp/kernel';
import type { MeterTime, TimeQuality } from '../meter-time.ts';

const QUALITIES: ReadonlyMap<string, TimeQuality> = new Map([
  ['S', 'synchronised'],
  ['R', 'relative'],
  ['I', 'informative'],
  ['U', 'unsynchronised'],
]);

/**
 * Reads `2019-08-13T10:03:15,000+0000 I`; `undefined` when it names no instant. Without its flag nothing is vouched
 * for.
 */
export function readOcmfTime(text: string): MeterTime | undefined {
  const [, written = '', flag] = /^(.{1,40}?)(?:\s+([USIR]))?$/.exec(text.trim()) ?? [];
  const time = parseOffsetDateTime(written);
  if (!time.ok) return undefined;
  const { epochMillis, offsetMinutes } = time.value;
  return {
    text: text.trim(),
    wallMillis: epochMillis + (offsetMinutes ?? 0) * 60_000,
    epochMillis: offsetMinutes === null ? undefined : epochMillis,
    quality: QUALITIES.get(flag ?? '') ?? 'unstated',
  };
}
