import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api } from './bench.ts';
import { ListHub, type Fate } from './list-hub.ts';
import { contract } from './messages.ts';

const CARDS = 8;
const uidOf = (n: number): string => `04CC${n.toString(16).toUpperCase().padStart(10, '0')}`;

type Step =
  | { readonly step: 'set'; readonly cards: readonly number[]; readonly status: 'active' | 'blocked' }
  | { readonly step: 'push'; readonly action: 'difference' | 'fullLoad'; readonly fates: readonly Fate[] }
  | { readonly step: 'somebody-else'; readonly card: number }
  | { readonly step: 'refuses'; readonly card: number };

const card = fc.integer({ min: 1, max: CARDS });
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('by-the-rules' as const) },
  { weight: 2, arbitrary: fc.constantFrom('answer-lost' as const, 'push-lost' as const) },
  { weight: 1, arbitrary: fc.constantFrom('009', '022', '210', '001').map((code) => ({ code })) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      step: fc.constant('set' as const), cards: fc.uniqueArray(card, { minLength: 1, maxLength: 4 }),
      status: fc.constantFrom('active' as const, 'blocked' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      step: fc.constant('push' as const), action: fc.constantFrom('difference' as const, 'fullLoad' as const),
      fates: fc.array(fate, { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('somebody-else' as const), card }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('refuses' as const), card }) },
);

describe('any sequence of changes and fates of pushes', () => {
  let bench: Bench;
  let hub: ListHub;
  let gateway: RunningGateway;
  const directory = mkdtempSync(path.join(tmpdir(), 'push-property-'));

  beforeAll(async () => {
    bench = await Bench.open();
    hub = new ListHub();
    const providers = path.join(directory, 'providers.json');
    writeFileSync(providers, JSON.stringify([{ id: 'DE-OFL', mode: 'offline', uploads: ['rfid'] }]));
    gateway = await bench.start({
      HBS_URL: await hub.listen(), PROVIDERS: `@${providers}`, HBS_CALLS_PER_MINUTE: 'PushAuthenticationData:100000',
      PUSH_BATCH: '3', PUSH_SHRINK_SHARE: '1',
    });
  }, 30_000);
  afterAll(async () => {
    await bench.close();
    await hub.close();
    rmSync(directory, { recursive: true });
  }, 30_000);

  const reset = async (): Promise<void> => {
    for (const table of ['authentication_list', 'authentication_record', 'authentication_refusal', 'authentication_push', 'card', 'contract']) {
      await bench.service.database.execute(`DELETE FROM ${table}`);
    }
    hub.lists.clear();
    hub.bad.clear();
    hub.fates.length = 0;
  };
  const set = (cards: readonly number[], status: string): Promise<unknown> =>
    api(gateway, '/v1/contracts', {
      contracts: cards.map((n) => contract(`DE-OFL-C0000000${n}-X`, [{ uid: uidOf(n), status }], { providerId: 'DE-OFL' })),
    });
  const push = async (action: string): Promise<readonly { outcome: string }[]> => {
    const { body } = await api<{ lists?: { outcome: string }[] }>(gateway, '/v1/authentication-data/push', { action });
    return body.lists ?? [];
  };
  const believed = async (): Promise<{ repair: string | null; records: number; waiting: { id: string } | null }> => {
    const { body } = await api<{ providers: { repair: string | null; held: { records: number }; waiting: { id: string } | null }[] }>(
      gateway, '/v1/authentication-data');
    const [list] = body.providers;
    return { repair: list?.repair ?? null, records: list?.held.records ?? -1, waiting: list?.waiting ?? null };
  };

  it('ends with HBS holding exactly ours, once it takes a full load', async () => {
    let pushes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        await reset();
        const active = new Set<number>();
        let meddled = false;
        for (const one of steps) {
          bench.clock.advance({ ms: 10 });
          if (one.step === 'set') {
            await set(one.cards, one.status);
            for (const n of one.cards) if (one.status === 'active') active.add(n); else active.delete(n);
          } else if (one.step === 'somebody-else') {
            // Somebody changes the list at HBS behind our back: only a full load can know.
            const list = hub.lists.get('DE-OFL');
            if (list?.delete(`rfid:${uidOf(one.card)}`) === false) list.set(`rfid:${uidOf(one.card)}`, '{}');
            meddled = true;
          } else if (one.step === 'refuses') {
            hub.bad.add(`rfid:${uidOf(one.card)}`);
          } else {
            hub.fates.push(...one.fates);
            await push(one.action);
            hub.fates.length = 0;
            const { repair, records } = await believed();
            // Whenever nothing is to be repaired, and nobody meddled, what we believe is true.
            if (repair === null && !meddled) expect(records).toBe(hub.held().length);
          }
        }
        hub.bad.clear();
        // A list nobody else touched heals by itself; refused records are tried again when somebody asks.
        const refused = steps.some((one) => one.step === 'refuses' || (one.step === 'push' && one.fates.some((f) => typeof f === 'object')));
        for (let n = 0; n < 3; n += 1) {
          await push(meddled || refused ? 'fullLoad' : 'difference');
          const { waiting } = await believed();
          if (waiting) await api(gateway, `/v1/authentication-data/pushes/${waiting.id}/confirm`, { reason: 'the last card is gone' });
        }
        expect(hub.held()).toEqual([...active].map(uidOf).sort());
        expect((await push('difference'))[0]?.outcome).toMatch(/unchanged|nothing-to-push/);
        pushes += hub.pushes.length;
        hub.pushes.length = 0;
      }),
      { numRuns: Number(process.env['PUSH_PROPERTY_RUNS'] ?? 25) },
    );
    expect(hub.overlaps).toBe(0);
    expect(pushes).toBeGreaterThan(50);
  }, 240_000);
});
