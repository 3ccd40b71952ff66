import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { brokenBodies } from './broken-bodies.ts';
import { ListHub } from './list-hub.ts';
import {
  CARDS,
  CDR,
  EVCO,
  NOTIFY,
  START,
  STOP,
  ask,
  demoContracts,
  newSession,
  notification,
  record,
  rfid,
} from './messages.ts';

const PIN = '83917264';
/** What must not be found: each as it is written, and as it is compared. */
const SECRETS = [
  ...Object.values(CARDS),
  ...Object.values(CARDS).map((uid) => uid.toLowerCase()),
  '80E6D5C4B3A204',
  ...Object.values(EVCO),
  ...Object.values(EVCO).map((evco) => evco.replaceAll('-', '')),
  ...Object.values(EVCO).map((evco) => evco.slice(7, 16)),
  PIN,
  `customer ${EVCO.good}`,
];
const found = (text: string): readonly string[] => SECRETS.filter((secret) => text.includes(secret));

let bench: Bench;
let hbs: ListHub;
let gateway: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  hbs = new ListHub();
  // HBS's words about what it refuses quote it.
  hbs.bad.add(`remote:${EVCO.offline}`);
  gateway = await bench.start({ HBS_URL: await hbs.listen() });
  await api(gateway, '/v1/contracts', { contracts: demoContracts() });
  await wholeStory();
  const last = newSession();
  await post(gateway, START, ask(last, rfid(CARDS.unknown)));
  await bench.logLine(last);
}, 120_000);
afterAll(async () => {
  await bench.close();
  await hbs.close();
});

/** Everything that can happen at the door, with card numbers in places where they do not belong. */
async function wholeStory(): Promise<void> {
  const cardEverywhere = {
    CPOPartnerSessionID: CARDS.good,
    EMPPartnerSessionID: CARDS.good,
    PartnerProductID: CARDS.good,
    [CARDS.good]: CARDS.good,
  };
  const media = [
    ...Object.values(CARDS).map(rfid),
    rfid('80E6D5C4B3A204'),
    { QRCodeIdentification: { EvcoID: EVCO.good, PIN } },
    { PlugAndChargeIdentification: { EvcoID: EVCO.good } },
  ];
  for (const medium of media) {
    const sessionId = newSession();
    await post(gateway, START, ask(sessionId, medium, cardEverywhere), { 'process-id': CARDS.good });
    await post(gateway, START, ask(newSession(), medium, { EvseID: CARDS.good, OperatorID: CARDS.good }));
    await post(gateway, START, ask(CARDS.good, medium));
    for (const type of ['Start', 'Progress', 'End', 'Error'] as const) {
      await post(gateway, NOTIFY, notification(type, sessionId, { ...cardEverywhere, Identification: medium }));
    }
    await post(
      gateway,
      NOTIFY,
      notification('Error', sessionId, {
        ErrorType: CARDS.good,
        ErrorAdditionalInfo: `card ${CARDS.good} of ${EVCO.good} was refused`,
        EvseID: EVCO.good,
        OperatorID: CARDS.good,
      }),
    );
    await post(
      gateway,
      NOTIFY,
      notification('Progress', sessionId, { EventOccurred: CARDS.good, ConsumedEnergyProgress: CARDS.good }),
    );
    await post(gateway, STOP, ask(sessionId, medium, cardEverywhere));
    await post(gateway, CDR, record(sessionId, { ...cardEverywhere, Identification: medium }));
    await post(
      gateway,
      CDR,
      record(sessionId, { Identification: medium, EvseID: CARDS.good, ConsumedEnergy: CARDS.good }),
    );
    await post(gateway, CDR, record(CARDS.good, { Identification: medium }));
  }
  for (const path of [START, STOP, NOTIFY, CDR]) {
    for (const body of brokenBodies(ask(newSession(), rfid(CARDS.good), cardEverywhere), 60))
      await post(gateway, path, body);
    await post(gateway, path.replace('DE*SIM', CARDS.good), ask(newSession(), rfid(CARDS.good)));
    await post(gateway, path.replace('DE*SIM', `%ZZ${CARDS.good}`), ask(newSession(), rfid(CARDS.good)));
  }
  await post(gateway, `/somewhere/${CARDS.good}`, {});
  await api(gateway, '/v1/contracts', {
    contracts: [
      { ...demoContracts()[0], cards: [{ uid: `${CARDS.good}${CARDS.good}` }], status: CARDS.good },
      CARDS.good,
    ],
  });
  await api(gateway, '/v1/authentication-data/push', {});
  await failing(`ALTER TABLE outbox RENAME TO outbox_away`, `ALTER TABLE outbox_away RENAME TO outbox`);
  await failing(
    `ALTER TABLE outbox ADD CONSTRAINT no_more CHECK (id < 0) NOT VALID`,
    `ALTER TABLE outbox DROP CONSTRAINT no_more`,
  );
  await api(gateway, '/v1/sessions?limit=500');
}

/** A database that refuses says why, and may quote rows when it does. */
async function failing(breaking: string, mending: string): Promise<void> {
  await bench.service.database.query(breaking);
  expect((await post(gateway, START, ask(newSession(), rfid(CARDS.good)))).verdict).toBe('NotAuthorized 021');
  expect((await post(gateway, CDR, record(newSession()))).verdict).toBe('false 021');
  await api(gateway, '/v1/contracts', {
    contracts: [{ ...demoContracts()[0], tariffPlanId: breaking.slice(0, 20) }],
  });
  await bench.service.database.query(mending);
}

describe('card numbers, contract ids and PINs', () => {
  it('were there to be leaked', async () => {
    expect(hbs.held()).toEqual([CARDS.offline, `plug-and-charge:${EVCO.offline}`]);
    expect(await bench.count('authentication_refusal')).toBe(1);
    expect(await bench.count('charging_session')).toBeGreaterThan(10);
    expect((await bench.events('CdrReceived')).length).toBeGreaterThan(10);
    expect(bench.log.split('\n').length).toBeGreaterThan(100);
  });

  it('are in no line of the log', () => {
    expect(found(bench.log)).toEqual([]);
  });

  it('are in no event', async () => {
    expect(found(JSON.stringify(await bench.events()))).toEqual([]);
  });

  it('are in no metric', async () => {
    expect(found(await (await fetch(`${gateway.url}/metrics`)).text())).toEqual([]);
  });

  it('are in no table', async () => {
    const tables = await bench.service.database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(8);
    for (const { name } of tables) {
      const rows = await bench.service.database.query<{ row: string }>(
        `SELECT each::text AS row FROM "${name}" AS each`,
      );
      expect([name, found(rows.map(({ row }) => row).join('\n'))]).toEqual([name, []]);
    }
  });
});
