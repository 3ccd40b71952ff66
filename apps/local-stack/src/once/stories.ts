import { call, find } from '../api.ts';
import { DEMO_CARDS } from '../drivers.ts';
import type { Stack } from '../stack.ts';
import type { Charge, Moment, StoryResult } from './moment.ts';
import { require, within } from './within.ts';

/** What the station got for the tap: eRoamingAuthorizationStart. */
interface Answer {
  readonly AuthorizationStatus: string;
  readonly StatusCode: { readonly Code: string };
}

/** A session that the simulator played to its end. */
interface Played {
  readonly sessionId: string;
  readonly evseId: string;
  readonly answer: Answer;
}

interface SessionStory {
  readonly sessionId: string;
  readonly state: string;
  readonly story: readonly { readonly at: string; readonly what: string; readonly [more: string]: unknown }[];
}

interface Cdr {
  readonly state: string;
  readonly decidedAt: string;
  readonly energyKwh: string;
  readonly matchedBy: string | null;
  readonly contractRef: string | null;
  readonly versions: readonly { readonly receivedAt: string; readonly origin: string; readonly page: string | null }[];
}

/** Online: the tap is answered by the gateway, the session ends with a record, the record with a draft invoice line. */
export async function onlineStory(stack: Stack): Promise<StoryResult> {
  const begun = new Date().toISOString();
  const played = await call<Played>('POST', `${stack.simulator}/simulator/stories/online`, { uid: DEMO_CARDS.good });
  const { sessionId } = played;
  require('the card is authorized', played.answer.StatusCode.Code === '000', played.answer);
  const session = await within('the session is closed by its record', async () => {
    const seen = await find<SessionStory>(`${stack.gateway}/v1/sessions/${sessionId}`);
    return seen?.state === 'closed' ? seen : undefined;
  });
  const { cdr, charge } = await recordAndCharge(stack, sessionId, 'pushed');
  return {
    name: 'online',
    sessionId,
    moments: inOrder([
      { at: begun, service: 'hbs-simulator', what: 'card tapped', ids: { evse: played.evseId } },
      ...session.story.map((entry) => ({ at: entry.at, service: 'authorization-gateway', what: entry.what, ids: {} })),
      ...cdr,
      rated(charge),
    ]),
    charge,
  };
}

/** An unknown card is refused, and nothing is written about it. */
export async function unknownCardStory(stack: Stack): Promise<StoryResult> {
  const begun = new Date().toISOString();
  const written = await writtenBy(stack);
  const answer = await call<Answer>('POST', `${stack.simulator}/simulator/taps`, { uid: DEMO_CARDS.unknown });
  require('the unknown card is refused with 102', answer.StatusCode.Code === '102', answer);
  const ended = new Date().toISOString();
  const now = await writtenBy(stack);
  require('nothing is written about an unknown card', now === written, { before: written, after: now });
  return {
    name: 'unknown card',
    sessionId: null,
    moments: [
      { at: begun, service: 'hbs-simulator', what: 'card tapped', ids: {} },
      { at: ended, service: 'authorization-gateway', what: 'refused, nothing written', ids: { code: answer.StatusCode.Code } },
    ],
    charge: null,
  };
}

/** Offline: HBS decides from the pushed card list and keeps the record; our pull fetches it. */
export async function offlineStory(stack: Stack): Promise<StoryResult> {
  const begun = new Date().toISOString();
  const played = await call<Played>('POST', `${stack.simulator}/simulator/stories/offline`, { uid: DEMO_CARDS.offline });
  const { sessionId } = played;
  require('HBS authorizes the card from our card list', played.answer.StatusCode.Code === '000', played.answer);
  const ended = new Date().toISOString();
  await call('POST', `${stack.cdrIngest}/v1/reconciliations?wait=true`);
  const { cdr, charge } = await recordAndCharge(stack, sessionId, 'pulled');
  return {
    name: 'offline',
    sessionId,
    moments: inOrder([
      { at: begun, service: 'hbs-simulator', what: 'card tapped, authorized from the pushed card list', ids: { evse: played.evseId } },
      { at: ended, service: 'hbs-simulator', what: 'session over, record kept for the pull', ids: {} },
      ...cdr,
      rated(charge),
    ]),
    charge,
  };
}

async function recordAndCharge(stack: Stack, sessionId: string, origin: string): Promise<{ cdr: readonly Moment[]; charge: Charge }> {
  const cdr = await within('the record is accepted', async () => {
    const seen = await find<Cdr>(`${stack.cdrIngest}/v1/cdrs/${sessionId}`);
    return seen?.state === 'accepted' ? seen : undefined;
  });
  const version = cdr.versions[0];
  require(`the record came ${origin}`, version?.origin === origin, version);
  const charge = await within('the session is rated', async () => {
    const seen = await find<Charge>(`${stack.billing}/v1/charges/${sessionId}`);
    return seen?.state === 'rated' ? seen : undefined;
  });
  await within('the draft invoice has the line', async () => {
    const draft = await find<{ lines: readonly { sessionId: string; net: string }[] }>(`${stack.billing}/v1/invoice-drafts/${charge.invoiceDraftId}`);
    return draft?.lines.find((line) => line.sessionId === sessionId && line.net === charge.net);
  });
  const fetched = { at: version?.receivedAt ?? '', service: 'cdr-ingest', what: 'record fetched by the pull', ids: { page: version?.page ?? '' } };
  const accepted = { at: cdr.decidedAt, service: 'cdr-ingest', what: `record accepted, ${cdr.energyKwh} kWh`, ids: { contract: cdr.contractRef ?? '' } };
  return { cdr: origin === 'pulled' ? [fetched, accepted] : [accepted], charge };
}

const rated = (charge: Charge): Moment => ({
  at: charge.ratedAt,
  service: 'billing',
  what: `rated: ${charge.gross} ${charge.currency}, line of a draft invoice`,
  ids: { charge: charge.chargeId, draft: charge.invoiceDraftId, plan: `${charge.tariffPlanId}@${charge.tariffVersion}` },
});

/** How many sessions and events the gateway has ever written. */
async function writtenBy(stack: Stack): Promise<string> {
  const { sessions } = await call<{ sessions: Readonly<Record<string, number>> }>('GET', `${stack.gateway}/v1/summary`);
  return JSON.stringify(sessions);
}

const inOrder = (moments: readonly Moment[]): readonly Moment[] => [...moments].sort((one, other) => one.at.localeCompare(other.at));
