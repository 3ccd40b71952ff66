import { testKafka } from '@emp/testing';
import { brokerContract } from '../../test/broker-contract.ts';
import { SilentLog } from '../../test/silent-log.ts';
import { Topics } from '../broker/topics.ts';
import { KafkaBroker } from './kafka-broker.ts';

brokerContract('Kafka', async () => {
  const brokers = (await testKafka()).split(',');
  return {
    rebalanceMs: 20_000,
    open: (topics) => KafkaBroker.open({ brokers, clientId: 'contract', log: new SilentLog(), topics: new Topics(topics), consumer: { waitMs: 200 } }),
    tearDown: () => Promise.resolve(),
  };
});
