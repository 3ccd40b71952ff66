import { readFile } from 'node:fs/promises';
import { topicManifests } from './topic-manifests.ts';

describe('the manifests of topics', () => {
  it('are those that are committed (node tools/topics.mjs writes them)', async () => {
    const committed = await readFile(new URL('../../../../k8s/base/kafka-topics.yaml', import.meta.url), 'utf8');
    expect(committed).toBe(topicManifests({ cluster: 'emp', copies: 3 }));
  });

  it('say how a topic is kept', () => {
    const manifests = topicManifests({ cluster: 'mine', copies: 2, topics: { 'a.v1': { partitions: 4, keep: { days: 2 } }, 'b.v1': { partitions: 1, keep: 'latest-per-key' } } });
    const [, a, aDead, b] = manifests.split('---\n');
    expect(a).toMatch(/name: a\.v1\n {2}labels:\n {4}strimzi\.io\/cluster: mine\nspec:\n {2}partitions: 4\n {2}replicas: 2/);
    expect(a).toMatch(/retention\.ms: 172800000\n[^]*min\.insync\.replicas: 1\n$/);
    expect(aDead).toContain('name: a.v1.dlq\n');
    expect(b).toContain('cleanup.policy: "compact"\n');
  });
});
