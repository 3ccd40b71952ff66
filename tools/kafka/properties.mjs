/**
 * `server.properties` of a small cluster that notices a dead node in seconds: for development and tests, not a
 * production setting. `nodes`: `[{ id, brokerPort, controllerPort }]`.
 */
export function serverProperties({ id, nodes, logDirectory, more = {} }) {
  const self = nodes.find((node) => node.id === id);
  const replicas = Math.min(3, nodes.length);
  const inSync = Math.max(1, replicas - 1);
  return Object.entries({
    'node.id': id,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': nodes.map((node) => `${node.id}@127.0.0.1:${node.controllerPort}`).join(','),
    listeners: `BROKER://127.0.0.1:${self.brokerPort},CONTROLLER://127.0.0.1:${self.controllerPort}`,
    'advertised.listeners': `BROKER://127.0.0.1:${self.brokerPort}`,
    'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logDirectory,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 2000,
    'broker.session.timeout.ms': nodes.length > 1 ? 2000 : 1500,
    'broker.heartbeat.interval.ms': nodes.length > 1 ? 500 : 300,
    'controller.quorum.election.timeout.ms': 500,
    'controller.quorum.fetch.timeout.ms': 1000,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.cleaner.dedupe.buffer.size': 4194304,
    ...more,
  }).map(([key, value]) => `${key}=${value}`).join('\n') + '\n';
}
