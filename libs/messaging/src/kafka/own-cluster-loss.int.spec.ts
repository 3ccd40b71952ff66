import { SilentLog } from '../../test/silent-log.ts';
import { acknowledgedOrLost, type Verdict } from '../bench/acknowledged-or-lost.ts';
import { LocalKafka } from '../bench/local-kafka.ts';

describe('leaders of partitions killed under load', () => {
  let kafka: LocalKafka;
  beforeAll(async () => { kafka = await LocalKafka.start(3); }, 60_000);
  afterAll(() => kafka.stop(), 30_000);
  const experiment = (rules: 'on' | 'off', kills: number): Promise<Verdict> => acknowledgedOrLost({ kafka, rules, kills, log: new SilentLog() });

  it('make kafkajs acknowledge what the log never got, when one sends the way it invites to', async () => {
    // One kill in six comes at a moment that costs nothing.
    let lost = 0;
    for (let attempt = 1; attempt <= 8 && lost === 0; attempt += 1) lost = (await experiment('off', 1)).lost;
    expect(lost).toBeGreaterThan(0);
  }, 300_000);

  it('cost no event, none its order, and write none twice, when one sends by the rules', async () => {
    expect(await experiment('on', 2)).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, kills: 2 });
  }, 180_000);
});
