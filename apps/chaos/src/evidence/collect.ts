import type { Database } from '@emp/database';
import type { DeliveredEvent } from '@emp/messaging';
import type { ServiceName } from '@emp/local-stack';
import type { Evidence, PublishedEvent, WrittenEvent } from '../comparison/evidence.ts';
import type { Ledger } from '../hbs/ledger.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';

const TOPICS = ['emp.session.v1', 'emp.cdr-intake.v1', 'emp.cdr.v1', 'emp.billing.v1'];
export const WITH_OUTBOX = [
  'authorization-gateway',
  'cdr-ingest',
  'billing',
] as const satisfies readonly ServiceName[];

/** Reads what is committed: the services' own tables and the event log, beside what the driver was told. */
export async function collectEvidence(stack: ChaosStack, ledger: Ledger): Promise<Evidence> {
  const gateway = stack.database('authorization-gateway');
  const billing = stack.database('billing');
  return {
    acknowledged: ledger.acknowledged,
    recorded: ledger.recordedSessions,
    sessions: await column(gateway, 'SELECT session_id FROM charging_session WHERE authorized_at IS NOT NULL'),
    notifications: await gateway.query('SELECT session_id AS "sessionId", kind FROM session_notification'),
    cdrs: await stack.database('cdr-ingest').query('SELECT session_id AS "sessionId", state FROM cdr'),
    // What a correction took back, and the line that had charged it, is the past of a session, no double.
    charges: await billing.query(`SELECT session_id AS "sessionId", state FROM charge WHERE state IN ('rated', 'waiting')`),
    draftLines: await column(
      billing,
      `SELECT line.session_id FROM invoice_draft_line AS line JOIN charge ON charge.id = line.charge_id
       WHERE line.kind = 'charge' AND charge.state = 'rated'`,
    ),
    published: await publishedEvents(stack),
    written: (
      await Promise.all(WITH_OUTBOX.map((service) => writtenEvents(stack.database(service), service)))
    ).flat(),
  };
}

async function column(database: Database, text: string): Promise<readonly string[]> {
  return (await database.query<{ session_id: string }>(text)).map((row) => row.session_id);
}

async function writtenEvents(database: Database, source: string): Promise<readonly WrittenEvent[]> {
  const rows = await database.query<{ event_id: string; topic: string; key: string }>(
    'SELECT event_id, topic, key FROM outbox ORDER BY id',
  );
  return rows.map(({ event_id: eventId, topic, key }) => ({ eventId, topic, key, source }));
}

async function publishedEvents(stack: ChaosStack): Promise<readonly PublishedEvent[]> {
  const broker = await stack.broker();
  try {
    const events: PublishedEvent[] = [];
    for (const topic of TOPICS) {
      for await (const event of broker.read(topic)) events.push(asPublished(event));
    }
    return events;
  } finally {
    await broker.close();
  }
}

function asPublished({ topic, key, headers, payload }: DeliveredEvent): PublishedEvent {
  const type = headers['ce_type'] ?? '';
  return {
    eventId: headers['ce_id'] ?? '',
    type,
    topic,
    key,
    source: headers['ce_source'] ?? '',
    kind: type === 'ChargingNotified' ? (JSON.parse(payload) as { readonly kind: string }).kind : null,
  };
}
