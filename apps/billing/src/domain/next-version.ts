import { granted, refused, type Decision } from '@emp/kernel';

export interface KnownVersion {
  readonly version: number;
  readonly validFrom: Date;
}

export interface NextVersion extends KnownVersion {
  /** `created` = the plan is new. */
  readonly outcome: 'created' | 'changed';
}

/** The first version of a plan holds for all sessions before it, too, unless it says from when. */
const FROM_THE_BEGINNING = new Date(0);

/**
 * Number and validity of a plan's next version. It begins after the last one and not in the past: sessions that began
 * since then were agreed at the price of their time.
 */
export function nextVersion(
  last: KnownVersion | undefined, requested: Date | null, now: Date,
): Decision<NextVersion, 'version-in-the-past' | 'version-before-last'> {
  if (!last) return granted({ version: 1, validFrom: requested ?? FROM_THE_BEGINNING, outcome: 'created' });
  const validFrom = requested ?? now;
  if (validFrom <= last.validFrom) {
    return refused('version-before-last', `version ${last.version} is valid from ${last.validFrom.toISOString()}; the next one must ` +
      `begin later, not at ${validFrom.toISOString()}`);
  }
  if (validFrom < now) {
    return refused('version-in-the-past', `validFrom ${validFrom.toISOString()} has passed: sessions since then were agreed at the ` +
      'price of their time; leave validFrom out to begin now');
  }
  return granted({ version: last.version + 1, validFrom, outcome: 'changed' });
}
