import type { World } from '../world.ts';
import { loadFeed, loadStatusFeed } from './feed.ts';
import { demoEvses } from './generator/demo-operator.ts';
import { generateEvses, generateStatuses } from './generator/generate-network.ts';
import { Network } from './network.ts';

/** The network a simulator starts with: generated, and the demo operator in it. */
export function generatedNetwork(seed: string, size: number, now: Date): Network {
  const demo = demoEvses(now);
  const evses = generateEvses(seed, size, now);
  const statuses = generateStatuses(seed, evses);
  for (const evse of demo) statuses.set(evse.evseId, 'Available');
  return new Network({ origin: { kind: 'generated', from: `seed ${seed}` }, evses: [...evses, ...demo], demo, statuses });
}

/** Takes a national feed in place of what is served now. The demo operator is played at, but not served. */
export async function takeFeed(world: World, feed: string, statusFeed: string | undefined): Promise<Network> {
  const [evses, statuses] = await Promise.all([
    loadFeed(feed, world.now()),
    statusFeed === undefined ? undefined : loadStatusFeed(statusFeed),
  ]);
  const next = {
    origin: { kind: 'feed' as const, from: feed },
    evses,
    statuses: statuses ?? generateStatuses(world.config.SEED, evses),
  };
  const network = world.stations.network.succeededBy(next, world.now());
  world.stations.use(network, world.random);
  return network;
}
