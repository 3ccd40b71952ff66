import { setTimeout as pause } from 'node:timers/promises';
import { tappedAgain, type SessionPlan } from '../schedule/sessions.ts';
import type { Door } from './door.ts';
import type { Ledger } from './ledger.ts';
import {
  authorizeStart,
  chargeDetailRecord,
  endNotification,
  startNotification,
  type ToldSession,
} from './messages.ts';

export interface Hbs {
  readonly door: Door;
  readonly ledger: Ledger;
  /** The card of a driver, by number. */
  readonly uidOf: (driver: number) => string;
  /** Nobody asks again once this is aborted. */
  readonly stopped: AbortSignal;
}

const RETRY_AFTER_MS = { first: 250, longest: 2_000 };
/** How often each message is sent until it is acknowledged; a driver in front of a dead station taps for a minute. */
const TIMES = { tap: 40, notification: 3, record: 12 };
const CUT_AFTER_MS = 4;

/**
 * One session from the tap to its record. Each message waits for the answer to the one before, so that the order in
 * which they were acknowledged is the order in which they happened.
 */
export async function playSession(hbs: Hbs, planned: SessionPlan): Promise<void> {
  const begun = await tap(hbs, planned);
  if (begun === undefined) return;
  const { plan } = begun;
  await notify(hbs, plan, 'started', { text: startNotification(begun), times: TIMES.notification });
  await pause(plan.pauseMs);
  const text = chargeDetailRecord(begun);
  const early = plan.record === 'before-its-end';
  if (early) await deliverRecord(hbs, plan, text);
  // After the record a session is closed, and its end is refused.
  await notify(hbs, plan, 'ended', { text: endNotification(begun), times: early ? 1 : TIMES.notification });
  if (!early) await deliverRecord(hbs, plan, text);
}

/** Taps until we say yes; a driver who is refused, or not answered, taps again. */
async function tap(hbs: Hbs, planned: SessionPlan): Promise<ToldSession | undefined> {
  let taps = 0;
  let told: ToldSession | undefined;
  const yes = await until(hbs, TIMES.tap, async () => {
    const plan = taps === 0 ? planned : tappedAgain(planned, taps);
    taps += 1;
    told = { plan, uid: hbs.uidOf(plan.driver), endedAtMs: Math.floor(Date.now() / 1000) * 1000 };
    const answered = await hbs.door.send('authorize', authorizeStart(told));
    if (!answered) hbs.ledger.unacknowledged += 1;
    return answered;
  });
  if (!yes || told === undefined) return undefined;
  hbs.ledger.acknowledge(told.plan.sessionId, 'authorized');
  await repeat(hbs, told.plan, 'authorize', authorizeStart(told));
  return told;
}

async function notify(
  hbs: Hbs,
  plan: SessionPlan,
  kind: 'started' | 'ended',
  { text, times }: { readonly text: string; readonly times: number },
): Promise<void> {
  const yes = await until(hbs, times, () => hbs.door.send('notify', text));
  if (!yes) hbs.ledger.unacknowledged += 1;
  if (yes) hbs.ledger.acknowledge(plan.sessionId, kind);
  if (yes) await repeat(hbs, plan, 'notify', text);
}

async function repeat(hbs: Hbs, plan: SessionPlan, what: 'authorize' | 'notify', text: string): Promise<void> {
  if (plan.station === 'tells-once') return;
  hbs.ledger.countDelivery('message repeated');
  await hbs.door.send(what, text);
}

async function deliverRecord(hbs: Hbs, plan: SessionPlan, text: string): Promise<void> {
  const { door, ledger } = hbs;
  ledger.keepRecord(plan.sessionId, text);
  if (plan.record !== 'once') ledger.countDelivery(`record ${plan.record}`);
  const forward = async (times: number): Promise<void> => {
    if (await until(hbs, times, () => door.send('record', text))) ledger.acknowledge(plan.sessionId, 'record');
    else ledger.unacknowledged += 1;
  };
  switch (plan.record) {
    case 'pull-only':
      return;
    case 'once':
      return forward(1);
    case 'before-its-end':
      return forward(TIMES.record);
    case 'delayed':
      await pause(plan.delayMs);
      return forward(TIMES.record);
    case 'acknowledgement-lost':
      // Nobody hears this answer; the one that counts is the next.
      await door.send('record', text);
      return forward(TIMES.record);
    case 'connection-cut':
      await door.send('record', text, CUT_AFTER_MS);
      return forward(TIMES.record);
    case 'repeated':
      await forward(TIMES.record);
      await pause(plan.delayMs);
      await Promise.all([door.send('record', text), door.send('record', text)]);
  }
}

async function until({ stopped }: Hbs, times: number, ask: () => Promise<boolean>): Promise<boolean> {
  for (let time = 1; ; time += 1) {
    if (await ask()) return true;
    if (time >= times || stopped.aborted) return false;
    await pause(Math.min(RETRY_AFTER_MS.longest, RETRY_AFTER_MS.first * 2 ** (time - 1)));
  }
}
