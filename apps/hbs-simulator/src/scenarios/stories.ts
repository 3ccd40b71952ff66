import { Decimal } from '@emp/money';
import { Problem } from '@emp/service-kit';
import { isObject, type Json } from '../json.ts';
import { DEMO_EVSE_ID } from '../network/generator/demo-operator.ts';
import { tapCard } from '../station/tap.ts';
import type { SessionPlan } from '../station/play-session.ts';
import type { World } from '../world.ts';

/** The README's demo driver. */
const DEMO_UID = '04A2B3C4D5E680';
const STORY_REAL_MS = 600;
const STORY_TOLD_MS = 45 * 60_000;
const STORY_ENERGY = Decimal.parse('31.250');

/** A car that takes 31.250 kWh, no more and, in 45 minutes, no less. */
const storyPlay: Pick<SessionPlan, 'car' | 'realMs' | 'speed' | 'idleShare' | 'notBefore' | 'stopsByCard'> = {
  car: { acKw: Decimal.of(22), dcKw: Decimal.of(50), toKneeKwh: STORY_ENERGY, toFullKwh: STORY_ENERGY },
  realMs: STORY_REAL_MS,
  speed: STORY_TOLD_MS / STORY_REAL_MS,
  idleShare: 0.05,
  notBefore: 0,
  stopsByCard: false,
};

export type StoryKind = 'online' | 'offline';

/**
 * Plays exactly one session to its record: tap, start, progress, end, record. Offline the record is only kept.
 * @throws Problem `story-not-authorized` with the answer the station got
 */
export async function playStory(world: World, kind: StoryKind, wishedUid: string | undefined): Promise<Json> {
  const uid = wishedUid ?? (kind === 'online' ? DEMO_UID : world.authenticationData.anyUid());
  if (uid === undefined) throw new Problem(409, 'no-cards-pushed', 'no provider has pushed authentication data yet: there is no card for an offline story');
  const evse = world.stations.network.evse(DEMO_EVSE_ID);
  if (evse === undefined) throw new Problem(500, 'no-demo-station', `${DEMO_EVSE_ID} is missing`);

  const tapped = await tapCard(world, { uid, evse, play: storyPlay });
  const { session, answer, code, providerId } = tapped;
  if (session === undefined) {
    throw new Problem(409, 'story-not-authorized', `the card was not authorized (${code})`, { answer: plain(answer) });
  }
  const mode = session.mode;
  if (mode !== kind) session.end();
  await session.over;
  if (mode !== kind) {
    throw new Problem(409, 'story-of-the-other-kind', `the card was authorized ${mode}, not ${kind}: ${kind === 'offline' ? 'push it first' : 'its provider has pushed it'}`);
  }
  return {
    sessionId: session.sessionId,
    evseId: evse.evseId,
    operatorId: evse.operatorId,
    providerId,
    energyKwh: STORY_ENERGY.toString(),
    forwarded: world.records.isAcknowledged(session.sessionId),
    answer,
  };
}

const plain = (answer: Json): unknown => (isObject(answer) ? JSON.parse(JSON.stringify(answer)) : answer);
