import type { Cdr, PrismaClient } from '@emp/prisma-cdr-ingest';
import { sessionKey } from '../domain/session-key.ts';
import { inOrder, type Moment, type What } from './moments.ts';

export interface SessionStory {
  readonly sessionId: string;
  readonly moments: readonly Moment[];
}

type Story = readonly Moment[];

/** Everything that is known of a session, from the tap to the invoice, in order; `undefined` if nothing is. */
export async function tellStory(
  prisma: PrismaClient, sessionId: string,
): Promise<SessionStory | undefined> {
  const key = sessionKey(sessionId);
  const chapters = await Promise.all([
    authorization(prisma, key), notices(prisma, key), missing(prisma, key), receipts(prisma, key), records(prisma, key),
    steps(prisma, key), charges(prisma, key),
  ]);
  const moments = inOrder(chapters.flat());
  return moments.length === 0 ? undefined : { sessionId, moments };
}

const moment = (at: Date, what: What, facts: Moment['facts']): Moment => ({ at: at.toISOString(), what, facts });

async function authorization(prisma: PrismaClient, sessionKey: string): Promise<Story> {
  const session = await prisma.authorizedSession.findUnique({ where: { sessionKey } });
  if (!session) return [];
  const { authorizedAt, providerId, operatorId, evseId, contractRef, identification } = session;
  return [moment(authorizedAt, 'authorized', { providerId, operatorId, evseId, contractRef, identification })];
}

const NOTICES: Readonly<Record<string, What>> = {
  'started': 'charging-started', 'progressed': 'charging-progressed', 'ended': 'charging-ended', 'failed': 'charging-failed',
  'stop-authorized': 'stop-authorized', 'record-missing': 'record-missing',
};

async function notices(prisma: PrismaClient, sessionKey: string): Promise<Story> {
  const rows = await prisma.sessionNotice.findMany({ where: { sessionKey } });
  return rows.flatMap(({ noticedAt, kind, occurredAt, energyKwh, errorType }) => {
    const what = NOTICES[kind];
    return what ? [moment(noticedAt, what, present({ occurredAt, energyKwh, errorType }))] : [];
  });
}

async function missing(prisma: PrismaClient, sessionKey: string): Promise<Story> {
  const row = await prisma.missingRecord.findUnique({ where: { sessionKey } });
  if (!row) return [];
  const { attempts, lastAttemptAt, lastOutcome, settledAt, settledBy, state } = row;
  return [
    ...(lastAttemptAt ? [moment(lastAttemptAt, 'record-asked-for', { attempts, outcome: lastOutcome, state })] : []),
    ...(settledAt ? [moment(settledAt, 'record-settled', { by: settledBy })] : []),
  ];
}

async function receipts(prisma: PrismaClient, sessionKey: string): Promise<Story> {
  const [came, listed] = await Promise.all([
    prisma.cdrReceipt.findMany({ where: { sessionKey } }), prisma.hubListing.findUnique({ where: { sessionKey } }),
  ]);
  return [
    ...came.map(({ receivedAt, origin, providerId, operatorId, page, processId }) =>
      moment(receivedAt, 'record-received', present({ origin, providerId, operatorId, page, processId }))),
    ...(listed ? [moment(listed.listedAt, 'record-listed', present({ page: listed.page, processId: listed.processId }))] : []),
  ];
}

const DECISIONS: Readonly<Record<string, What>> = {
  accepted: 'record-accepted', quarantined: 'record-quarantined', conflict: 'record-conflicted', rejected: 'record-rejected',
};

async function records(prisma: PrismaClient, sessionKey: string): Promise<Story> {
  const rows = await prisma.cdr.findMany({ where: { sessionKey }, orderBy: { version: 'asc' } });
  const metering = new Map((await prisma.cdrMetering.findMany({ where: { cdrId: { in: rows.map(({ id }) => id) } } }))
    .map(({ cdrId, verdict, reason, origin, energyKwh, verifiedAt }) =>
      [cdrId, { verdict, reason, keyOrigin: origin, energyKwh: energyKwh?.toFixed() ?? null, at: verifiedAt.toISOString() }]));
  return rows.flatMap((cdr) => [
    moment(cdr.recordedAt, 'record-checked', { version: cdr.version, findings: cdr.findings, signedMetering: metering.get(cdr.id) ?? null }),
    decision(cdr),
  ]);
}

function decision({ decidedAt, state, version, contractRef, matchedBy, energyKwh, differingMembers }: Cdr): Moment {
  const facts = state === 'conflict'
    ? { version, differingMembers } : { version, contractRef, matchedBy, energyKwh: energyKwh?.toFixed() ?? null };
  return moment(decidedAt, DECISIONS[state] ?? 'record-quarantined', facts);
}

/** What people, and later facts, did to the case of the record. */
async function steps(prisma: PrismaClient, sessionKey: string): Promise<Story> {
  const rows = await prisma.quarantineStep.findMany({ where: { sessionKey }, orderBy: { revision: 'asc' } });
  return rows.map(({ at, who, what, why, revision }) => moment(at, 'case-step', { who, what, why, revision }));
}

const CHARGES: Readonly<Record<string, What>> = { rated: 'charge-rated', corrected: 'charge-corrected', reversed: 'charge-reversed' };

async function charges(prisma: PrismaClient, sessionKey: string): Promise<Story> {
  const rows = await prisma.billingEntry.findMany({ where: { sessionKey }, orderBy: [{ billedAt: 'asc' }, { eventId: 'asc' }] });
  return rows.flatMap(({ kind, billedAt, chargeId, invoiceDraftId, energyKwh, currency, gross }) => {
    const what = CHARGES[kind];
    const facts = { chargeId, invoiceDraftId, energyKwh: energyKwh?.toFixed() ?? null, currency, gross: gross?.toFixed() ?? null };
    return what ? [moment(billedAt, what, present(facts))] : [];
  });
}

function present(facts: Readonly<Record<string, unknown>>): Moment['facts'] {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
