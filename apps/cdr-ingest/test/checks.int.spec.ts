import type { Transaction } from '@emp/database';
import { CdrAcceptedV1, isEvent, type EmpEvent } from '@emp/events';
import { eventually } from '@emp/testing';
import { DEFAULT_LIMITS } from '../src/domain/check-context.ts';
import { readCheckPolicy } from '../src/domain/check-policy.ts';
import { byCard, cardRegistered, cdr, FOREIGN_UID, OUR_UID, received, RECEIVED_AT, sessionId } from './builders.ts';
import { Desk } from './desk.ts';
import { heldOpen } from './held-open.ts';
import { evseRecorded, evseRemoved, priceListed, sessionAuthorized } from './network.ts';
import { signedCdr, testMeter } from './signed-cdr.ts';

let desk: Desk;
beforeAll(async () => { desk = await Desk.open(DEFAULT_LIMITS); });
beforeEach(() => desk.clear());
afterAll(() => desk.close());

const elsewhere = { evseId: 'DE*SIM*E0002*1' } as const;
/** At another hour than `cdr` has. */
const later = {
  SessionStart: '2026-05-01T07:00:00+02:00', ChargingStart: '2026-05-01T07:00:00+02:00',
  ChargingEnd: '2026-05-01T08:00:00+02:00', SessionEnd: '2026-05-01T08:00:00+02:00',
} as const;
const typesTaken = async (): Promise<readonly string[]> => (await desk.takeEvents()).map(({ type }) => type);

describe('a record against the network', () => {
  it('is not asked about EVSEs while nobody has told of any', async () => {
    await desk.receive(received(cdr(1)));
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });

  it('waits for an EVSE that is not listed, and is freed by the event that brings it', async () => {
    await desk.network(evseRecorded(elsewhere));
    await desk.receive(received(cdr(1)));
    expect(await desk.stored()).toEqual(['0001/1: quarantined evse-unknown']);
    expect(await typesTaken()).toEqual(['CdrQuarantined']);
    await desk.network(evseRecorded());
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
    expect(await typesTaken()).toEqual(['CdrAccepted']);
  });

  it('stays when the late EVSE does not free it, and that is told once', async () => {
    await desk.network(evseRecorded(elsewhere));
    await desk.receive(received(cdr(1, { ConsumedEnergy: 20 })));
    await desk.network(evseRecorded());
    await desk.network(evseRecorded({ operatorName: 'Renamed' }));
    expect(await desk.stored()).toEqual(['0001/1: quarantined energy-identity']);
    expect(await typesTaken()).toEqual(['CdrQuarantined', 'CdrQuarantined']);
  });

  it('frees a record whose energy fits to the power that is listed later', async () => {
    await desk.network(evseRecorded({ maximumPowerKw: '3.7', powerType: 'AC_1_PHASE' }));
    await desk.receive(received(cdr(1)));
    const [row] = await desk.database.query<{ findings: readonly { numbers: object }[] }>('SELECT findings FROM cdr');
    // 11 kWh in 67 minutes and one of rounding, from 3.7 kW and ten per cent: 3.7 × 1.1 × 4080 / 3600.
    expect(row?.findings[0]).toMatchObject({
      code: 'energy-exceeds-power',
      numbers: { energyKwh: '11', possibleKwh: '4.613', seconds: '4020', listedPowerKw: '3.7', averagePowerKw: '9.9' },
    });
    await desk.network(evseRecorded({ maximumPowerKw: '22' }));
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });

  it('does not let an older event of an EVSE overwrite a newer one', async () => {
    await desk.network(evseRecorded({ maximumPowerKw: '22' }));
    await desk.network(evseRecorded({ maximumPowerKw: '1' }, new Date(RECEIVED_AT.getTime() - 1)));
    await desk.receive(received(cdr(1)));
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });

  it('is flagged when it began after the EVSE was removed, and where its offset is wrong', async () => {
    await desk.network(evseRecorded({ timeZone: 'Europe/London' }, new Date('2026-04-01T00:00:00Z')));
    await desk.network(evseRemoved('DE*SIM*E0001*1', '2026-04-30T00:00:00.000Z'));
    await desk.receive(received(cdr(1)));
    expect(await desk.stored()).toEqual(['0001/1: accepted evse-removed offset-differs']);
  });

  it('is flagged when its product is not among those the operator lists', async () => {
    await desk.network(evseRecorded(), priceListed({ productId: 'AC3', maximumPowerKw: '22' }), priceListed({ productId: null }));
    await desk.receive(received(cdr(1)));
    await desk.receive(received(cdr(2, { ...later, PartnerProductID: 'ac 3' })));
    expect(await desk.stored()).toEqual(['0001/1: accepted product-not-listed', '0002/1: accepted product-below-power']);
  });

  it('is flagged for want of the signed values that its EVSE declares', async () => {
    await desk.network(evseRecorded({ calibrationLaw: 'External' }));
    await desk.receive(received(cdr(1)));
    expect(await desk.stored()).toEqual(['0001/1: accepted metering-missing']);
  });
});

describe('a policy', () => {
  it('quarantines what is only flagged, until a listed price frees it; and lets pass what is forbidden', async () => {
    const policy = readCheckPolicy('product-not-listed:quarantine, energy-identity:accept');
    if (!policy.ok) throw new Error(policy.refusal.detail);
    const strict = await Desk.open({ ...DEFAULT_LIMITS, policy: policy.value });
    try {
      await strict.network(evseRecorded(), priceListed({ productId: 'AC3' }));
      await strict.receive(received(cdr(1, { ConsumedEnergy: 12 })));
      expect(await strict.stored()).toEqual(['0001/1: quarantined energy-identity product-not-listed']);
      await strict.network(priceListed());
      expect(await strict.stored()).toEqual(['0001/1: accepted energy-identity']);
    } finally {
      await strict.close();
    }
  });
});

describe('a record against others', () => {
  it('is flagged when its EVSE or its card was in another session, stored before or in the same batch', async () => {
    await desk.receive(received(cdr(1)));
    await desk.receive(received(cdr(2, byCard(FOREIGN_UID))), received(cdr(3, { EvseID: 'DE*SIM*E0009*1' })));
    await desk.receive(received(cdr(4, later)), received(cdr(5, { ...later, ...byCard(FOREIGN_UID) })));
    expect(await desk.stored()).toEqual([
      '0001/1: accepted', '0002/1: accepted overlap-evse', '0003/1: accepted overlap-card', '0004/1: accepted',
      '0005/1: accepted overlap-evse',
    ]);
    const [row] = await desk.database.query<{ findings: unknown }>(`SELECT findings FROM cdr WHERE session_id = $1`, [sessionId(2)]);
    expect(row?.findings).toMatchObject([{ numbers: { sessionId: sessionId(1), overlapSeconds: '4020' } }]);
  });

  it('may begin within the minute in which the one before ended', async () => {
    await desk.receive(received(cdr(1)));
    const next = (start: string): Record<string, unknown> => ({
      SessionStart: start, ChargingStart: start, ChargingEnd: '2026-05-01T12:00:00+02:00', SessionEnd: '2026-05-01T12:00:00+02:00',
    });
    desk.clock.advance({ hours: 2 });
    const receivedAt = desk.clock.now().toISOString();
    await desk.receive(received(cdr(2, next('2026-05-01T11:04:00+02:00')), { receivedAt }));
    expect((await desk.stored())[1]).toBe('0002/1: accepted');
    await desk.receive(received(cdr(3, { ...next('2026-05-01T11:03:59+02:00'), EvseID: 'DE*SIM*E0003*1' }), { receivedAt }));
    expect((await desk.stored())[2]).toBe('0003/1: accepted overlap-card');
  });

  it('names a driver who is not the one of the session', async () => {
    await desk.register(cardRegistered(OUR_UID, 'con-0002'));
    await desk.receive(received(cdr(1)));
    expect(await desk.stored()).toEqual(['0001/1: quarantined identification-of-other-contract']);
  });

  it('is that of the session we authorized, also when it is pulled', async () => {
    await desk.sessions(sessionAuthorized({ evseId: 'DE*SIM*E0077*1', identification: 'remote' }));
    await desk.receive(received(cdr(1), { contractRef: null, origin: 'pulled' }));
    expect(await desk.stored()).toEqual(['0001/1: accepted identification-kind-differs session-evse-differs']);
    const [row] = await desk.database.query('SELECT contract_ref, matched_by FROM cdr');
    expect(row).toEqual({ contract_ref: 'con-0001', matched_by: 'session' });
  });

  it('is freed by its session, when that is heard of later', async () => {
    await desk.receive(received(cdr(1), { contractRef: null, origin: 'pulled' }));
    expect(await desk.stored()).toEqual(['0001/1: quarantined contract-unknown']);
    await desk.sessions(sessionAuthorized({ sessionId: sessionId(1).toUpperCase() }));
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });
});

describe('a fact that comes at the same moment as the record', () => {
  const pulled = (): EmpEvent => received(cdr(1), { contractRef: null, origin: 'pulled' });
  const facts: readonly (readonly [string, (tx: Transaction) => Promise<void>])[] = [
    ['an EVSE', (tx) => desk.networkWithin(tx, evseRecorded())],
    ['a session', (tx) => desk.sessionsWithin(tx, sessionAuthorized())],
  ];
  const record = { 'an EVSE': () => received(cdr(1)), 'a session': pulled } as Record<string, () => EmpEvent>;
  beforeEach(() => desk.network(evseRecorded(elsewhere)));

  it.each(facts)('%s: is waited for by the record', async (what, tell) => {
    if (what === 'a session') await desk.network(evseRecorded());
    const telling = await heldOpen(desk.database, tell);
    const receiving = desk.receive(record[what]?.() ?? pulled());
    await someoneWaits();
    await telling.commit();
    await receiving;
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });

  it.each(facts)('%s: finds the record that came first', async (what, tell) => {
    if (what === 'a session') await desk.network(evseRecorded());
    const receiving = await heldOpen(desk.database, (tx) => desk.receiveWithin(tx, record[what]?.() ?? pulled()));
    const telling = desk.database.transaction(tell);
    await someoneWaits();
    await receiving.commit();
    await telling;
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });
});

/** Until a transaction waits for a lock: the two have met. */
const someoneWaits = (): Promise<unknown> => eventually(async () => {
  const [row] = await desk.database.query<{ waiting: bigint }>('SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted');
  return (row?.waiting ?? 0n) > 0n || undefined;
}, { what: 'a transaction that waits' });

describe('the signed values of a record', () => {
  const meter = testMeter();

  it('are verified, kept and told; the key is noted at its first use and recognised at the next', async () => {
    await desk.receive(received(signedCdr(1, [meter.ocmf()], { publicKey: meter.publicKey })));
    await desk.receive(received(signedCdr(2, [meter.ocmf()], { publicKey: meter.publicKey, ...later })));
    const told = (await desk.takeEvents()).flatMap((event) => (isEvent(CdrAcceptedV1, event) ? [event.data.signedMetering] : []));
    expect(told).toEqual([
      { verdict: 'valid', reason: null, origin: 'record-only', energyKwh: '11' },
      { verdict: 'valid', reason: null, origin: 'first-use', energyKwh: '11' },
    ]);
    expect((await desk.stored())[0]).toBe('0001/1: accepted meter-key-first-use');
    const keys = await desk.database.query('SELECT evse_key, meter_id, origin, public_key, first_session_id FROM meter_key');
    expect(keys).toEqual([{
      evse_key: 'DESIME00011', meter_id: 'GW-1/METER-1', origin: 'first-use', public_key: meter.publicKey, first_session_id: sessionId(1),
    }]);
    const kept = await desk.database.query('SELECT * FROM cdr_metering');
    expect(kept[0]).toMatchObject({ verdict: 'valid', energy_kwh: '11', meter_id: 'GW-1/METER-1', questions: { integrity: { answer: 'yes' } } });
    expect(JSON.stringify(kept)).not.toContain(OUR_UID);
  });

  it('of another key than at first use are flagged, every time', async () => {
    await desk.receive(received(signedCdr(1, [meter.ocmf()], { publicKey: meter.publicKey })));
    const other = testMeter();
    for (const number of [2, 3]) await desk.receive(received(signedCdr(number, [other.ocmf()], { publicKey: other.publicKey })));
    expect((await desk.stored()).slice(1).map((line) => line.replace(/ overlap-\w+/g, '')))
      .toEqual(['0002/1: accepted meter-key-changed', '0003/1: accepted meter-key-changed']);
  });

  it('that somebody changed are quarantined', async () => {
    const forged = meter.ocmf().replace('"RV":111', '"RV":112');
    await desk.receive(received(signedCdr(1, [forged], { publicKey: meter.publicKey })));
    expect(await desk.stored()).toEqual(['0001/1: quarantined metering-invalid']);
  });

  it('prove other energy, other times and other readings than billed', async () => {
    const wrong = meter.ocmf({ endKwh: 110, end: '2026-05-01T10:50:00,000+0200 S', evseId: 'DE*SIM*E0099*1' });
    await desk.receive(received(signedCdr(1, [wrong], { publicKey: meter.publicKey })));
    expect(await desk.stored()).toEqual([
      '0001/1: quarantined meter-key-first-use metering-energy-differs metering-reading-differs metering-end-differs '
      + 'metering-evse-differs',
    ]);
    const [row] = await desk.database.query<{ findings: readonly { code: string; numbers: unknown }[] }>('SELECT findings FROM cdr');
    expect(row?.findings.find(({ code }) => code === 'metering-energy-differs')?.numbers)
      .toEqual({ billedKwh: '11', signedKwh: '10', differenceKwh: '1', toleranceKwh: '0.1' });
    expect(row?.findings.find(({ code }) => code === 'metering-end-differs')?.numbers).toEqual({ differenceSeconds: '600' });
  });

  it('of a meter that reports an error are genuine and not billable', async () => {
    await desk.receive(received(signedCdr(1, [meter.ocmf({ reading: { ST: 'M' } })], { publicKey: meter.publicKey })));
    expect(await desk.stored()).toEqual(['0001/1: quarantined meter-key-first-use metering-not-billable']);
  });

  it('of which one is missing prove nothing, and that is flagged', async () => {
    const [begin, end] = [meter.ocmf({ only: 'begin', page: 7 }), meter.ocmf({ only: 'end', page: 9 })];
    await desk.receive(received(signedCdr(1, [begin, end], { publicKey: meter.publicKey })));
    await desk.receive(received(signedCdr(2, [begin, end], { EvseID: 'DE*SIM*E0002*1', ...byCard(FOREIGN_UID) })));
    expect((await desk.stored()).map((line) => line.replace(' meter-key-first-use', '')))
      .toEqual(['0001/1: accepted metering-unverifiable', '0002/1: accepted metering-unverifiable']);
    const kept = await desk.database.query<{ code: string }>('SELECT code FROM cdr_metering JOIN cdr ON id = cdr_id ORDER BY session_id');
    expect(kept.map(({ code }) => code)).toEqual(['record-missing', 'key-missing']);
  });

  it('that are hostile cost only their own record', async () => {
    const hostile = [
      'OCMF|{"FV":"1.0","MS":"\u0000\uD800","PG":"T1","RD":[]}|{"SD":"00"}', '${jndi:ldap://x/a}', '{'.repeat(5000), 'A'.repeat(70_000),
    ];
    await desk.receive(
      ...hostile.map((value, index) => received(signedCdr(index + 1, [value], { ...later, EvseID: `DE*SIM*E100${index}*1` }))),
      received(signedCdr(8, Array.from({ length: 11 }, () => meter.ocmf()), { publicKey: meter.publicKey })),
      received(signedCdr(9, [meter.ocmf()], { publicKey: meter.publicKey, EvseID: 'DE*SIM*E2000*1' })),
    );
    const verdicts = await desk.database.query<{ verdict: string }>('SELECT verdict FROM cdr_metering JOIN cdr ON id = cdr_id ORDER BY session_id');
    expect(verdicts.map(({ verdict }) => verdict))
      .toEqual(['invalid', 'unverifiable', 'invalid', 'invalid', 'unverifiable', 'valid']);
  });
});
