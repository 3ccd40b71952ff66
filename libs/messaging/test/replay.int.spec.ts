import { eventually } from '@emp/testing';
import { encodeEvent, listDeadLetters, replayGroup, type ReplayRequest } from '../src/index.ts';
import { accepted, conflicted, Fixture, recording, TOPIC } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.reset());
afterAll(() => fixture.close());

const SESSIONS = Array.from({ length: 50 }, (_, index) => `session-${String(index).padStart(2, '0')}`);
const publish = (...sessionIds: readonly string[]): Promise<void> => fixture.broker.publish(sessionIds.map((id) => encodeEvent(accepted(id), 'test')));
const replay = (more: Partial<ReplayRequest> = {}): ReturnType<typeof replayGroup> =>
  replayGroup({ broker: fixture.broker, services: [{ name: 'test-service', databaseUrl: fixture.serviceUrl }], group: 'test.model', from: 'beginning', mode: 'replay', ...more });
const model = recording('test.model', undefined, [TOPIC], true);
const seen = async (group = 'test.model'): Promise<string[]> => (await fixture.seen(group)).sort();
const built = (expected: readonly string[]): Promise<unknown> => eventually(async () => {
  expect(await seen()).toEqual([...expected].sort());
  return true;
}, { what: 'the read model', withinMs: 20_000 });

describe('replaying a group', () => {
  it('rebuilds a read model while the service runs and events come in; no other group notices', async () => {
    // Two replicas.
    await fixture.consume([model, recording('test.other')], { lookEveryMs: 20 });
    await fixture.consume([model, recording('test.other')], { lookEveryMs: 20 });
    await publish(...SESSIONS);
    await built(SESSIONS);
    await fixture.database.query(`DELETE FROM seen WHERE consumer = 'test.model'`);
    let live = 0;
    let done = false;
    const traffic = (async () => {
      while (!done) await publish(`live-${live++}`);
    })();
    const report = await replay();
    done = true;
    await traffic;
    expect(report.events['CdrAccepted']).toBeGreaterThanOrEqual(50);
    const all = [...SESSIONS, ...Array.from({ length: live }, (_, index) => `live-${index}`)];
    await eventually(async () => {
      expect([...new Set(await seen())]).toEqual([...all].sort());
      expect(await seen('test.other')).toEqual([...all].sort());
      return true;
    }, { what: 'everything rebuilt', withinMs: 20_000 });
    expect((await seen()).filter((id) => id.startsWith('session'))).toEqual(SESSIONS);
  }, 60_000);

  it('goes back to an instant only, if asked', async () => {
    await fixture.consume([model], { lookEveryMs: 20 });
    await publish('old');
    await built(['old']);
    await fixture.eventLog.query(`UPDATE log SET appended_at = now() - interval '2 hours'`);
    await fixture.database.query(`UPDATE inbox SET received_at = now() - interval '2 hours'`);
    await publish('young');
    await built(['old', 'young']);
    expect(await replay({ from: new Date(Date.now() - 3_600_000) })).toEqual({ events: { CdrAccepted: 1 }, forgotten: 1, latestOnly: [] });
    await built(['old', 'young', 'young']);
  }, 30_000);

  it('gives what was given up another chance', async () => {
    let broken = true;
    await fixture.consume([recording('test.model', () => (broken ? Promise.reject(new TypeError('a bug')) : Promise.resolve()), [TOPIC], true)],
      { lookEveryMs: 20, maxAttempts: 1 });
    await publish('unlucky');
    await eventually(async () => (await listDeadLetters(fixture.broker, TOPIC)).length === 1);
    broken = false;
    await replay();
    await built(['unlucky']);
  }, 30_000);

  it('only counts in a dry run, by type', async () => {
    await fixture.consume([model], { lookEveryMs: 20 });
    await fixture.broker.publish([accepted('a'), accepted('b'), conflicted('a')].map((event) => encodeEvent(event, 'test')));
    await built(['a', 'a', 'b']);
    expect(await replay({ mode: 'dry-run' })).toEqual({ events: { CdrAccepted: 2, CdrConflicted: 1 }, forgotten: 0, latestOnly: [] });
    expect(await fixture.database.query('SELECT FROM inbox')).toHaveLength(3);
  });

  it('is refused for a group whose effects would be repeated, and for one nobody knows', async () => {
    await fixture.consume([model, recording('test.charges')]);
    await expect(replay({ group: 'test.charges' })).rejects.toMatchObject({
      slug: 'group-not-rebuildable', message: expect.stringContaining('can be replayed: test.model') as string,
    });
    await expect(replay({ group: 'test.modle' })).rejects.toMatchObject({ slug: 'group-unknown' });
  });
});
