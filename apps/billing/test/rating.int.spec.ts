import type { EmpEvent } from '@emp/events';
import { Decimal } from '@emp/money';
import { readTariff, type Tariff } from '@emp/tariff';
import { findCharge } from '../src/charges/charge-list.store.ts';
import { findDraft, listDrafts } from '../src/invoice-drafts/invoice-draft.store.ts';
import { SummaryController } from '../src/summary/summary.controller.ts';
import { cdrAccepted, contractRegistered, evseRecorded, priceListed, standardPlan } from './builders.ts';
import { publishedCharges, ratingDatabase } from './rating-database.ts';

function tariff(document: object = standardPlan()): Tariff {
  const reading = readTariff(document);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.tariff;
}

describe('rating accepted records', () => {
  let billing: Awaited<ReturnType<typeof ratingDatabase>>;

  beforeEach(async () => {
    billing = await ratingDatabase();
  });
  afterEach(() => billing.close());

  const putPlan = (price = '0.49', id = 'standard') => billing.plans.put({ id, tariff: tariff(standardPlan(price)), validFrom: null });
  const charge = async (sessionId: string) => (await findCharge(billing.database, sessionId)) as Record<string, unknown> | undefined;
  const states = async () => Object.fromEntries((await billing.database.query<{ session_id: string; state: string; waiting_reason: string | null }>(
    'SELECT session_id, state, waiting_reason FROM charge')).map((row) => [row.session_id, row.waiting_reason ?? row.state]));

  it('makes one charge per session out of a batch with repeats and unknown contracts', async () => {
    await putPlan();
    await billing.handle([contractRegistered('con-1'), contractRegistered('con-2', { tariffPlanId: 'gold' })]);
    await billing.handle([
      cdrAccepted({ sessionId: 's-1' }), cdrAccepted({ sessionId: 's-1', energyKwh: '99' }), cdrAccepted({ sessionId: 's-2', contractRef: 'con-9' }),
      cdrAccepted({ sessionId: 's-3', contractRef: 'con-2' }), cdrAccepted({ sessionId: 's-4', evseId: 'JP*SIM*E1' }),
    ]);
    expect(await states()).toEqual({ 's-1': 'rated', 's-2': 'contract-unknown', 's-3': 'tariff-plan-unknown', 's-4': 'vat-rate-missing' });
    expect(await charge('s-1')).toMatchObject({ energyKwh: '11.000', net: '5.39', vat: '1.02', gross: '6.41', vatRatePercent: '19' });
  });

  it('makes no second charge of the same record under another event id, now or later', async () => {
    await putPlan();
    await billing.handle([contractRegistered()]);
    await billing.handle([cdrAccepted(), cdrAccepted()]);
    await billing.handle([cdrAccepted({ energyKwh: '50' })]);
    expect(await states()).toEqual({ 's-1': 'rated' });
    expect((await charge('s-1'))?.['net']).toBe('5.39');
    expect(await publishedCharges(billing.database)).toHaveLength(1);
    expect((await listDrafts(billing.database, { before: null, contractRef: null, limit: 9 }))[0]).toMatchObject({ lineCount: 1, net: '5.39' });
  });

  it('rates what waited when the contract arrives, then the plan, and tells of it', async () => {
    await billing.handle([cdrAccepted()]);
    expect(await charge('s-1')).toMatchObject({ state: 'waiting', waitingReason: 'contract-unknown', net: null, invoiceDraftId: null });
    await billing.handle([contractRegistered()]);
    expect(await charge('s-1')).toMatchObject({ state: 'waiting', waitingReason: 'tariff-plan-unknown' });
    await putPlan();
    expect(await charge('s-1')).toMatchObject({ state: 'rated', waitingReason: null, waitingDetail: null, gross: '6.41' });
    expect(await publishedCharges(billing.database)).toMatchObject([{ sessionId: 's-1', gross: '6.41', cost: null }]);
  });

  it('rates what waited for the place of an EVSE when the EVSE is recorded', async () => {
    await putPlan();
    await billing.handle([contractRegistered()]);
    await billing.handle([cdrAccepted({ evseId: '+999*810*000*438' })]);
    expect(await states()).toEqual({ 's-1': 'tax-country-unknown' });
    await billing.handle([evseRecorded({ evseId: '+999*810*000*438', evseKey: '999*810*000*438', country: 'AT' })]);
    expect(await charge('s-1')).toMatchObject({ state: 'rated', taxCountry: 'AT', vatRatePercent: '20' });
  });

  it('rates a charge although its contract was committed while the charge was', async () => {
    await putPlan();
    let contract: Promise<void> = Promise.resolve();
    await billing.handle([cdrAccepted()], async () => {
      contract = billing.handle([contractRegistered()]);
      await waitersOnLocks();
    });
    await contract;
    expect(await states()).toEqual({ 's-1': 'rated' });
  });

  it('lets two consumers take the same sessions at once, and makes each charge, line and event once', async () => {
    await putPlan();
    await billing.handle([contractRegistered('con-1'), contractRegistered('con-2')]);
    const batch = (): EmpEvent[] => Array.from({ length: 200 }, (_, i) => cdrAccepted({ sessionId: `s-${i}`, contractRef: `con-${1 + (i % 2)}` }));
    await Promise.all([billing.handle(batch()), billing.handle(batch().reverse()), billing.handle(batch())]);
    const [counts] = await billing.database.query(`SELECT (SELECT count(*)::int FROM charge) AS charges,
      (SELECT count(*)::int FROM invoice_draft_line) AS lines, (SELECT count(*)::int FROM invoice_draft) AS drafts,
      (SELECT count(*)::int FROM outbox) AS events`);
    expect(counts).toEqual({ charges: 200, lines: 200, drafts: 2, events: 200 });
  });

  it('pins the version of the plan that held when the session began', async () => {
    await putPlan('0.49');
    await billing.handle([contractRegistered()]);
    billing.clock.advance({ minutes: 10 });
    expect(await putPlan('0.59')).toMatchObject({ ok: true, value: { version: 2, outcome: 'changed' } });
    expect(await putPlan('0.590')).toMatchObject({ ok: true, value: { version: 2, outcome: 'unchanged' } });
    const later = { sessionStart: '2026-05-01T10:10:00+02:00', chargingStart: null };
    await billing.handle([cdrAccepted({ sessionId: 'before' }), cdrAccepted({ sessionId: 'after', ...later })]);
    expect(await charge('before')).toMatchObject({ tariffVersion: 1, net: '5.39' });
    expect(await charge('after')).toMatchObject({ tariffVersion: 2, net: '6.49' });
  });

  it('takes the plan a contract came with as its plan since the contract is valid', async () => {
    await putPlan('0.49');
    await billing.handle([contractRegistered('con-1', {}, new Date('2026-05-20T00:00:00Z'))]);
    await billing.handle([cdrAccepted()]);
    const { breakdown } = (await charge('s-1')) as { breakdown: { notes: readonly string[] } };
    expect(breakdown.notes.join()).not.toMatch(/contract/);
  });

  it('keeps the plan a contract had when the session began', async () => {
    await putPlan('0.49');
    await putPlan('0.99', 'gold');
    await billing.handle([contractRegistered('con-1'), contractRegistered('con-1', { tariffPlanId: 'gold' }, new Date('2026-05-01T08:30:00Z'))]);
    await billing.handle([cdrAccepted()]);
    expect(await charge('s-1')).toMatchObject({ tariffPlanId: 'standard' });
  });

  it('drafts per contract, month, country and currency; sums equal lines, VAT once per rate', async () => {
    await putPlan('0.333');
    await billing.handle([contractRegistered()]);
    await billing.handle([evseRecorded(), evseRecorded({ evseId: 'AT*SIM*E1', evseKey: 'ATSIME1', country: 'AT', timeZone: 'Europe/Vienna' })]);
    const june = { sessionEnd: '2026-05-31T22:30:00Z' };
    await billing.handle([
      ...Array.from({ length: 7 }, (_, i) => cdrAccepted({ sessionId: `may-${i}`, energyKwh: `${i}.111` })),
      cdrAccepted({ sessionId: 'june', ...june }), cdrAccepted({ sessionId: 'austria', evseId: 'AT*SIM*E1' }),
    ]);
    const drafts = await listDrafts(billing.database, { before: null, contractRef: 'con-1', limit: 10 });
    expect(drafts.map(({ month, taxCountry, lineCount }) => `${month} ${taxCountry} ${lineCount}`).sort())
      .toEqual(['2026-05 AT 1', '2026-05 DE 7', '2026-06 DE 1']);
    const may = drafts.find((draft) => draft.lineCount === 7);
    const lines = await billing.database.query<{ net: string }>('SELECT net FROM invoice_draft_line WHERE draft_id = $1', [may?.id]);
    expect(may?.net).toBe(Decimal.sum(lines.map((line) => Decimal.parse(line.net))).toString());
    expect(may?.vat).toBe(Decimal.parse(may?.net ?? '').times(Decimal.parse('0.19')).toFixed(2));
    expect(await findDraft(billing.database, may?.id ?? '')).toEqual(may);
  });

  it('knows cost and margin where the operator lists a price, and says where not', async () => {
    await putPlan();
    await billing.handle([contractRegistered()]);
    await billing.handle([priceListed(), priceListed({ operatorId: 'CH*SIM', currency: 'CHF', productId: null, additionalReferences: [] })]);
    await billing.handle([evseRecorded()]);
    await billing.handle([
      cdrAccepted({ sessionId: 'known' }), cdrAccepted({ sessionId: 'unknown', operatorId: 'FR*OTH', evseId: 'FR*OTH*E1' }),
      cdrAccepted({ sessionId: 'francs', operatorId: 'CH*SIM', evseId: 'CH*SIM*E1' }),
    ]);
    expect(await charge('known')).toMatchObject({ cost: { currency: 'EUR', net: '4.64' }, costBreakdown: { chosenBy: 'product-id' } });
    expect(await charge('unknown')).toMatchObject({ state: 'rated', cost: null, costBreakdown: { unknown: 'no-price' } });
    expect(await new SummaryController(billing.database).summary()).toEqual({
      charges: 3, waiting: 0, waitingByReason: {}, revenue: { EUR: '16.17' }, cost: { EUR: '4.64', CHF: '4.29' }, margin: { EUR: '0.75' },
      chargesOutsideMargin: 2, chargesWithoutCost: 1, energyKwh: '33.000',
    });
  });

  it('keeps the whole breakdown', async () => {
    await putPlan();
    await billing.handle([contractRegistered()]);
    await billing.handle([cdrAccepted()]);
    expect(await charge('s-1')).toMatchObject({
      breakdown: {
        currency: 'EUR', net: '5.39', notes: [expect.stringMatching(/taken from its id/), expect.stringMatching(/time zone/)],
        lines: [{ component: 'ENERGY', quantity: '11.000', unit: 'kWh', unitPrice: '0.49', exactAmount: '5.39', amount: '5.39', from: '2026-05-01T10:00:00+02:00' }],
      },
    });
  });

  it('records 18 000 EVSEs in seconds', async () => {
    const events = Array.from({ length: 18_000 }, (_, i) => evseRecorded({ evseId: `DE*SIM*E${i}`, evseKey: `DESIME${i}` }));
    const startedAt = performance.now();
    for (let from = 0; from < events.length; from += 500) await billing.handle(events.slice(from, from + 500));
    const seconds = (performance.now() - startedAt) / 1000;
    const [row] = await billing.database.query<{ count: number }>('SELECT count(*)::int AS count FROM evse');
    expect(row?.count).toBe(18_000);
    expect(seconds).toBeLessThan(20);
    process.stderr.write(`18 000 EVSEs in ${seconds.toFixed(2)} s\n`);
  });

  it('shows charges by outcome, and what waits', async () => {
    await putPlan();
    await billing.handle([contractRegistered()]);
    await billing.handle([cdrAccepted(), cdrAccepted(), cdrAccepted({ sessionId: 's-2', contractRef: 'con-9' })]);
    const shown = await billing.metrics.scrape();
    expect(shown).toMatch(/billing_charges_total\{.*outcome="rated".*\} 1/);
    expect(shown).toMatch(/billing_charges_total\{.*outcome="repeated".*\} 1/);
    expect(shown).toMatch(/billing_charges_waiting\{.*reason="contract-unknown".*\} 1/);
    expect(shown).toMatch(/billing_rated_net_total\{.*currency="EUR".*\} 5.39/);
  });

  /** Resolves as soon as someone waits for an advisory lock of this database. */
  async function waitersOnLocks(): Promise<void> {
    for (;;) {
      const [row] = await billing.database.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
      if (row && row.waiting > 0) return;
    }
  }
});
