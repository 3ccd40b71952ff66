import type { NotificationKind } from '../domain/charging-session.ts';

/** A notification in the words of a session's story. */
export const NOTIFIED: Readonly<Record<NotificationKind, string>> = {
  started: 'charging started',
  progressed: 'charging progressed',
  ended: 'charging ended',
  failed: 'station reported a failure',
};
