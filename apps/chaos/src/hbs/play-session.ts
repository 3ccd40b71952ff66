import { setTimeout as pause } from 'node:timers/promises';
import type { SessionPlan } from '../schedule/sessions.ts';
import type { Door } from './door.ts';
import type { AcknowledgedKind, Ledger } from './ledger.ts';
import { authorizeStart, chargeDetailRecord, endNotification, startNotification, type ToldSession } from './messages.ts';

export interface Hbs {
  readonly door: Door;
  readonly ledger: Ledger;
  /** The card of a driver, by number. */
  readonly uidOf: (driver: number) => string;
  /** When the driving time is over, nobody asks again. */
  readonly over: AbortSignal;
}

const RETRY_AFTER_MS = 250;
/** A driver in front of a station that does not answer goes after so many times. */
const TAPS = 40;
const NOTIFICATIONS = 3;
const RECORDS = 12;
const CUT_AFTER_MS = 4;

/**
 * One session from the tap to its record. Each message waits for the answer to the one before, so that the order in
 * which they were acknowledged is the order in which they happened.
 */
export async function playSession(hbs: Hbs, plan: SessionPlan): Promise<void> {
  const told: ToldSession = { plan, uid: hbs.uidOf(plan.driver), endedAtMs: Math.floor(Date.now() / 1000) * 1000 };
  const say = async (what: 'authorize' | 'notify', kind: AcknowledgedKind, text: string, times: number): Promise<boolean> => {
    const yes = await until(hbs, times, () => hbs.door.send(what, text));
    if (yes) hbs.ledger.acknowledge(plan.sessionId, kind);
    else hbs.ledger.unacknowledged += 1;
    if (yes && plan.station === 'repeats-itself') {
      hbs.ledger.countDelivery('message repeated');
      await hbs.door.send(what, text);
    }
    return yes;
  };
  if (!(await say('authorize', 'authorized', authorizeStart(told), TAPS))) return;
  await say('notify', 'started', startNotification(told), NOTIFICATIONS);
  await pause(plan.pauseMs);
  const text = chargeDetailRecord(told);
  const early = plan.record === 'before-its-end';
  if (early) await deliverRecord(hbs, plan, text);
  await say('notify', 'ended', endNotification(told), early ? 1 : NOTIFICATIONS);
  if (!early) await deliverRecord(hbs, plan, text);
}

async function deliverRecord(hbs: Hbs, plan: SessionPlan, text: string): Promise<void> {
  const { door, ledger } = hbs;
  ledger.keepRecord(plan.sessionId, text);
  const forward = (times: number): Promise<boolean> => until(hbs, times, () => door.send('record', text));
  if (plan.record !== 'once') ledger.countDelivery(`record ${plan.record}`);
  switch (plan.record) {
    case 'pull-only': return;
    case 'once': return heard(hbs, plan, await forward(1));
    case 'before-its-end': return heard(hbs, plan, await forward(RECORDS));
    case 'delayed':
      await pause(plan.delayMs);
      return heard(hbs, plan, await forward(RECORDS));
    case 'acknowledgement-lost':
      // Nobody hears this answer; the one that counts is the next.
      await door.send('record', text);
      return heard(hbs, plan, await forward(RECORDS));
    case 'connection-cut':
      await door.send('record', text, CUT_AFTER_MS);
      return heard(hbs, plan, await forward(RECORDS));
    case 'repeated':
      heard(hbs, plan, await forward(RECORDS));
      await pause(plan.delayMs);
      await Promise.all([door.send('record', text), door.send('record', text)]);
  }
}

function heard({ ledger }: Hbs, { sessionId }: SessionPlan, yes: boolean): void {
  if (yes) ledger.acknowledge(sessionId, 'record');
  else ledger.unacknowledged += 1;
}

async function until({ over }: Hbs, times: number, ask: () => Promise<boolean>): Promise<boolean> {
  for (let time = 1; ; time += 1) {
    if (await ask()) return true;
    if (time >= times || over.aborted) return false;
    await pause(RETRY_AFTER_MS);
  }
}
