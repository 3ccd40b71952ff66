import { PoiSyncUnderTest } from './poi-sync-under-test.ts';

describe('the limits of HBS', () => {
  it('are kept by all replicas together, in their database', async () => {
    const poi = await PoiSyncUnderTest.start({ PROVIDERS: 'DE-SUB:online:DE-HUB,DE-HUB:online' });
    try {
      await poi.pull('evse-status');
      const buckets = await poi.own.database.query<{ bucket: string }>('SELECT bucket FROM hbs_rate_limit');
      expect(buckets).toEqual([{ bucket: `${new URL(poi.hbs.url).host}|DEHUB|PullEvseStatus` }]);
    } finally {
      await poi.stop();
    }
  }, 30_000);
});
