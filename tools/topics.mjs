// Writes the Kubernetes manifests of the Kafka topics from the event catalogue: node tools/topics.mjs (after npm run build).
import { mkdir, writeFile } from 'node:fs/promises';
import { topicManifests } from '@emp/messaging';

const file = new URL('../k8s/base/kafka-topics.yaml', import.meta.url);
await mkdir(new URL('.', file), { recursive: true });
await writeFile(file, topicManifests({ cluster: 'emp', copies: 3 }));
process.stdout.write('k8s/base/kafka-topics.yaml written\n');
