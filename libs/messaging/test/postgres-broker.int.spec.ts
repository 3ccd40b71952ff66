import { testDatabase } from '@emp/testing';
import { Topics } from '../src/broker/topics.ts';
import { PostgresBroker } from '../src/postgres/postgres-broker.ts';
import { brokerContract } from './broker-contract.ts';
import { SilentLog } from './silent-log.ts';

brokerContract('PostgreSQL', async () => {
  const { url, close } = await testDatabase();
  return {
    rebalanceMs: 10_000,
    open: (topics) => PostgresBroker.open({ url, clientId: 'contract', log: new SilentLog(), topics: new Topics(topics), settings: { leaseMs: 1_000 } }),
    tearDown: close,
  };
});
