import fc from 'fast-check';
import type { EmpEvent } from '@emp/events';
import { Decimal } from '@emp/money';
import { createLog } from '@emp/service-kit';
import { readTariff } from '@emp/tariff';
import { findCharge, listCharges } from '../src/charges/charge-list.store.ts';
import { InvoiceDraftsController } from '../src/invoice-drafts/invoice-drafts.controller.ts';
import { findDraft, linesOf, listDrafts } from '../src/invoice-drafts/invoice-draft.store.ts';
import { SummaryController } from '../src/summary/summary.controller.ts';
import { cdrAccepted, cdrCorrected, cdrRejected, contractRegistered, evseRecorded, priceListed, standardPlan } from './builders.ts';
import { publishedEvents, ratingDatabase } from './rating-database.ts';

let billing: Awaited<ReturnType<typeof ratingDatabase>>;

beforeEach(async () => {
  billing = await ratingDatabase();
  const tariff = readTariff(standardPlan());
  if (!tariff.ok) throw new Error(JSON.stringify(tariff.problems));
  await billing.plans.put({ id: 'standard', tariff: tariff.tariff, validFrom: null });
  await billing.handle([contractRegistered('con-1'), contractRegistered('con-2')]);
  await billing.handle([evseRecorded()]);
});
afterEach(() => billing.close());

type Shown = Record<string, unknown> & { ledger: { entry: string; net: string; gross: string; correction: number; invoiceDraftId: string | null }[] };
const charge = async (sessionId = 's-1') => (await findCharge(billing.database, sessionId)) as Shown | undefined;
const types = async () => (await publishedEvents(billing.database)).map(({ type }) => type);
const drafts = () => listDrafts(billing.database, { before: null, contractRef: null, limit: 50 });
const close = (id: string) => new InvoiceDraftsController(billing.database, billing.clock, createLog('billing', 'silent')).close(id);
const lines = async (draftId: string) => (await linesOf(billing.database, draftId, '', 50)) as unknown as { kind: string; net: string; creditedDraftId: string | null }[];
const cost = { currency: 'EUR', net: '4.64' };

describe('a record that is corrected after it was charged', () => {
  it('leaves its charge as it is, takes it back and is charged anew', async () => {
    await billing.handle([cdrAccepted()]);
    await billing.handle([cdrCorrected(1, { energyKwh: '9.500' })]);
    expect(await charge()).toMatchObject({
      state: 'rated', correction: 1, energyKwh: '9.500', net: '4.66', gross: '5.55',
      ledger: [
        { entry: 'charge', correction: 0, net: '5.39', gross: '6.41' },
        { entry: 'reversal', correction: 1, net: '-5.39', gross: '-6.41', reason: 'the operator corrected it', invoiceDraftId: null },
        { entry: 'charge', correction: 1, net: '4.66', gross: '5.55' },
      ],
    });
    const events = await publishedEvents(billing.database);
    expect(events.map(({ type }) => type)).toEqual(['ChargeRated', 'ChargeReversed', 'ChargeCorrected']);
    const [rated, reversed, corrected] = events.map(({ data }) => data);
    expect(reversed).toMatchObject({ chargeId: rated?.['chargeId'], net: '-5.39', vat: '-1.02', gross: '-6.41', correction: 1, creditDraftId: null });
    expect(corrected).toMatchObject({ replacesChargeId: rated?.['chargeId'], net: '4.66', energyKwh: '9.500', correction: 1 });
  });

  it('has its line in the open draft replaced', async () => {
    await billing.handle([cdrAccepted(), cdrAccepted({ sessionId: 's-2' })]);
    await billing.handle([cdrCorrected(1, { energyKwh: '9.500' })]);
    expect(await drafts()).toMatchObject([{ lineCount: 2, net: '10.05' }]);
  });

  it('moves to the draft of another contract or month with what was corrected', async () => {
    await billing.handle([cdrAccepted()]);
    await billing.handle([cdrCorrected(1, { contractRef: 'con-2', sessionEnd: '2026-06-01T11:05:00+02:00' })]);
    expect((await drafts()).map(({ contractRef, month, lineCount }) => [contractRef, month, lineCount]))
      .toEqual([['con-2', '2026-06', 1], ['con-1', '2026-05', 0]]);
  });

  it('is credited in the next draft if the draft was closed, which stays as it is', async () => {
    await billing.handle([cdrAccepted()]);
    const [closed] = await drafts();
    await close(closed?.id ?? '');
    await billing.handle([cdrCorrected(1, { energyKwh: '9.500' })]);
    expect(await findDraft(billing.database, closed?.id ?? '')).toMatchObject({ lineCount: 1, net: '5.39' });
    const next = (await drafts()).find(({ id }) => id !== closed?.id);
    expect(next).toMatchObject({ month: '2026-05', lineCount: 2, net: '-0.73', closedAt: null });
    expect(await lines(next?.id ?? '')).toMatchObject([{ kind: 'credit', net: '-5.39', creditedDraftId: closed?.id }, { kind: 'charge', net: '4.66' }]);
    expect((await charge())?.ledger[1]).toMatchObject({ entry: 'reversal', invoiceDraftId: next?.id });
  });

  it('is not charged any more once it is withdrawn, and again when it is reinstated', async () => {
    await billing.handle([cdrAccepted()]);
    await billing.handle([cdrRejected(1)]);
    expect(await charge()).toMatchObject({ state: 'reversed' });
    expect(await new SummaryController(billing.database).summary()).toMatchObject({ charges: 0, waiting: 0, revenue: {}, energyKwh: '0' });
    expect(await drafts()).toMatchObject([{ lineCount: 0, net: '0.00' }]);
    await billing.handle([cdrCorrected(2)]);
    expect(await charge()).toMatchObject({ state: 'rated', correction: 2, net: '5.39' });
    expect(await types()).toEqual(['ChargeRated', 'ChargeReversed', 'ChargeCorrected']);
  });

  it('takes the cost back, too', async () => {
    await billing.handle([priceListed()]);
    await billing.handle([cdrAccepted()]);
    await billing.handle([cdrCorrected(1, { energyKwh: '0.000' })]);
    const reversed = (await publishedEvents(billing.database)).find(({ type }) => type === 'ChargeReversed');
    expect(reversed?.data['cost']).toEqual({ currency: 'EUR', net: '-4.64' });
    expect(await new SummaryController(billing.database).summary()).toMatchObject({ charges: 1, cost: { EUR: '0.35' }, revenue: { EUR: '0.00' } });
  });

  it('was waiting: then only the correction is ever rated, as the first charge of the session', async () => {
    await billing.handle([cdrAccepted({ contractRef: 'con-9' })]);
    await billing.handle([cdrCorrected(1, { contractRef: 'con-9', energyKwh: '1.000' })]);
    await billing.handle([contractRegistered('con-9')]);
    expect(await charge()).toMatchObject({ state: 'rated', correction: 1, net: '0.49', ledger: [{ entry: 'charge', correction: 1 }] });
    expect(await types()).toEqual(['ChargeRated']);
  });

  it('lets no amount be changed, and no charge or reversal vanish', async () => {
    await billing.handle([cdrAccepted()]);
    await billing.handle([cdrCorrected(1, { energyKwh: '9.500' })]);
    const refused = (sql: string) => expect(billing.database.query(sql)).rejects.toThrow(/stand/);
    await refused('UPDATE charge SET net = 0, gross = vat');
    await refused(`UPDATE charge SET record = '{}'`);
    await refused('DELETE FROM charge');
    await refused('UPDATE charge_reversal SET net = 0, gross = vat');
    await refused('DELETE FROM charge_reversal');
  });

  it('appears once in the list of charges; its past on demand', async () => {
    await billing.handle([cdrAccepted(), cdrCorrected(1, { energyKwh: '9.500' })]);
    const list = async (state: 'reversed' | null) => (await listCharges(billing.database, { state, before: null, limit: 9 })).map(({ state: shown }) => shown);
    expect(await list(null)).toEqual(['rated']);
    expect(await list('reversed')).toEqual(['reversed']);
  });
});

describe('old news', () => {
  it.each<[string, (() => EmpEvent[])[]]>([
    ['the correction before the record', [() => [cdrCorrected(1, { energyKwh: '9.500' })], () => [cdrAccepted()]]],
    ['the same correction twice', [() => [cdrAccepted()], () => [cdrCorrected(1, { energyKwh: '9.500' })], () => [cdrCorrected(1, { energyKwh: '9.500' })]]],
    ['all at once', [() => [cdrCorrected(1, { energyKwh: '9.500' }), cdrAccepted(), cdrAccepted()]]],
  ])('changes nothing: %s', async (_what, batches) => {
    for (const batch of batches) await billing.handle(batch());
    expect(await charge()).toMatchObject({ state: 'rated', correction: 1, net: '4.66' });
    expect(await drafts()).toMatchObject([{ lineCount: 1, net: '4.66' }]);
  });

  it('changes nothing: the first correction after the second, the record after its withdrawal', async () => {
    await billing.handle([cdrCorrected(2, { energyKwh: '2.000' })]);
    await billing.handle([cdrCorrected(1, { energyKwh: '1.000' }), cdrRejected(2, 's-2')]);
    await billing.handle([cdrAccepted(), cdrAccepted({ sessionId: 's-2' }), cdrRejected(0)]);
    expect(await charge()).toMatchObject({ state: 'rated', correction: 2, net: '0.98', ledger: [{ entry: 'charge' }] });
    expect(await charge('s-2')).toBeUndefined();
  });

  /** What a session's events are told in, batch by batch, and where drafts are closed between. */
  const history = fc.record({
    corrections: fc.array(fc.option(fc.integer({ min: 0, max: 40_000 }), { freq: 4 }), { maxLength: 4 }),
    order: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 12, maxLength: 12 }),
    batch: fc.integer({ min: 1, max: 4 }),
    closeAfter: fc.option(fc.nat(6)),
  });
  let run = 0;

  it('and repeats, in any order and any batches, end in the same charge; the ledger always balances', async () => {
    await fc.assert(fc.asyncProperty(history, async ({ corrections, order, batch, closeAfter }) => {
      const sessionId = `p-${run += 1}`;
      const told = (number: number, wattHours: number | null): EmpEvent => wattHours === null
        ? cdrRejected(number, sessionId) : cdrCorrected(number, { sessionId, energyKwh: `${wattHours / 1000}` });
      const events = [cdrAccepted({ sessionId }), ...corrections.map((wattHours, at) => told(at + 1, wattHours))];
      const deliveries = order.map(([pick, place]) => ({ event: events[pick % events.length]!, place }))
        .concat(events.map((event, at) => ({ event, place: order[at]![1] }))).sort((a, b) => a.place - b.place).map(({ event }) => event);
      for (let from = 0; from < deliveries.length; from += batch) {
        await billing.handle(deliveries.slice(from, from + batch));
        if (from / batch === closeAfter) for (const { id, closedAt } of await drafts()) if (closedAt === null) await close(id);
      }

      const last = corrections.at(-1);
      const expected = corrections.length === 0 ? '5.39'
        : last === null || last === undefined ? null : Decimal.of(last).times(Decimal.parse('0.00049')).round(2).toString();
      const shown = await charge(sessionId);
      const ledger = shown?.ledger ?? [];
      const sum = (amounts: readonly string[]) => Decimal.sum(amounts.map((amount) => Decimal.parse(amount))).toFixed(2);
      const invoiced = await billing.database.query<{ net: string }>('SELECT net FROM invoice_draft_line WHERE session_id = $1', [sessionId]);
      expect({
        charged: shown?.['state'] === 'rated' ? shown['net'] : null,
        booked: sum(ledger.map(({ net }) => net)), invoiced: sum(invoiced.map(({ net }) => net)),
      }).toEqual({ charged: expected, booked: expected ?? '0.00', invoiced: expected ?? '0.00' });
      expect(ledger.filter(({ entry }) => entry === 'charge').length - ledger.filter(({ entry }) => entry === 'reversal').length).toBe(expected === null ? 0 : 1);
      const announced = (await publishedEvents(billing.database)).filter(({ data }) => data['sessionId'] === sessionId).map(({ type }) => type);
      expect(announced.filter((type) => type === 'ChargeRated').length).toBeLessThanOrEqual(1);
      expect(announced.filter((type) => type === 'ChargeReversed')).toHaveLength(ledger.filter(({ entry }) => entry === 'reversal').length);
    }), { numRuns: 40 });
  }, 120_000);
});

describe('a price that comes after the session was rated', () => {
  it('gives the charge its cost, once, and tells of it', async () => {
    await billing.handle([cdrAccepted(), cdrAccepted({ sessionId: 'elsewhere', operatorId: 'FR*OTH', evseId: 'FR*OTH*E1' })]);
    expect(await charge()).toMatchObject({ cost: null });
    await billing.handle([priceListed()]);
    await billing.fillCost.runNow();
    expect(await charge()).toMatchObject({ cost, net: '5.39', costBreakdown: { chosenBy: 'product-id' } });
    await billing.handle([priceListed({ pricePerReferenceUnit: '0.99', validFrom: '2026-05-02T00:00:00.000Z' }), priceListed()]);
    await billing.fillCost.runNow();
    expect(await charge()).toMatchObject({ cost });
    const known = (await publishedEvents(billing.database)).filter(({ type }) => type === 'ChargeCostKnown');
    expect(known.map(({ data }) => [data['sessionId'], data['cost']])).toEqual([['s-1', cost]]);
    expect(await charge('elsewhere')).toMatchObject({ cost: null });
  });

  it('is not looked for again until its operator lists another', async () => {
    await billing.handle([cdrAccepted()]);
    await billing.handle([priceListed({ providerId: 'DE-OTH' })]);
    await billing.fillCost.runNow();
    const seen = async () => (await billing.database.query<{ seen: bigint }>('SELECT cost_prices_seen AS seen FROM charge'))[0]?.seen;
    expect(await charge()).toMatchObject({ cost: null });
    const before = await seen();
    await billing.fillCost.runNow();
    expect(await seen()).toBe(before);
    await billing.handle([priceListed()]);
    await billing.fillCost.runNow();
    expect(await charge()).toMatchObject({ cost });
  });

  it('is found by the charge that is just being rated, or finds it', async () => {
    let price: Promise<void> = Promise.resolve();
    await billing.handle([cdrAccepted()], async () => {
      price = billing.handle([priceListed()]);
      for (let waiting = 0; waiting === 0;) {
        const [row] = await billing.database.query<{ waiting: number }>(
          `SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
        waiting = row?.waiting ?? 0;
      }
    });
    await price;
    await billing.fillCost.runNow();
    expect(await charge()).toMatchObject({ cost });
  });

  it('fills more charges than one transaction takes', async () => {
    await billing.handle(Array.from({ length: 1_100 }, (_, i) => cdrAccepted({ sessionId: `s-${i}` })));
    await billing.handle([priceListed()]);
    await billing.fillCost.runNow();
    expect(await new SummaryController(billing.database).summary()).toMatchObject({ charges: 1_100, chargesWithoutCost: 0, cost: { EUR: '5104.00' } });
  });
});
