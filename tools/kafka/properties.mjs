/**
 * `server.properties` of a small cluster that notices a dead node in seconds: for development and tests, not a
 * production setting. `nodes`: `[{ id, brokerPort, controllerPort }]`. `secure`: a second door of a single node, see below.
 */
export function serverProperties({ id, nodes, logDirectory, secure }) {
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
    ...(secure && secureListener(self, secure)),
  }).map(([key, value]) => `${key}=${value}`).join('\n') + '\n';
}

/** A door that asks for a certificate and a login; `port`, PEM files `keystore` and `truststore`, `username`, `password`. */
function secureListener({ brokerPort, controllerPort }, { port, keystore, truststore, username, password }) {
  const name = 'listener.name.secure';
  return {
    listeners: `BROKER://127.0.0.1:${brokerPort},CONTROLLER://127.0.0.1:${controllerPort},SECURE://127.0.0.1:${port}`,
    'advertised.listeners': `BROKER://127.0.0.1:${brokerPort},SECURE://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
    [`${name}.ssl.keystore.type`]: 'PEM',
    [`${name}.ssl.keystore.location`]: keystore,
    [`${name}.ssl.truststore.type`]: 'PEM',
    [`${name}.ssl.truststore.location`]: truststore,
    [`${name}.ssl.client.auth`]: 'required',
    [`${name}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-512',
    [`${name}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`,
    [`${name}.scram-sha-512.sasl.jaas.config`]: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  };
}

/** What the storage is formatted with, for the login to be known. */
export const credentials = (secure) => (secure ? ['--add-scram', `SCRAM-SHA-512=[name=${secure.username},password=${secure.password}]`] : []);
