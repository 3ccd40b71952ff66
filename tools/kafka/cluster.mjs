/**
 * An Apache Kafka cluster on this machine: KRaft, one node or three, loopback only, data below `.data/kafka`.
 * The broker comes as Maven artifacts and runs on the machine's own Java: no Docker.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../steps.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = path.resolve(here, '../..');
const CLUSTER_ID = 'ZW1wLWxvY2FsLWthZmthMQ';
const FIRST_PORT = Number(process.env.KAFKA_PORT ?? 9092);

const base = () => path.resolve(root, process.env.DATA_DIRECTORY ?? '.data', 'kafka');
const jars = () => path.join(base(), 'jars');
const nodeDirectory = (id) => path.join(base(), `node-${id}`);
const brokerPort = (id) => FIRST_PORT + 2 * (id - 1);
const controllerPort = (id) => brokerPort(id) + 1;

/** The nodes that were formatted here, running or not. */
export const knownNodes = () =>
  existsSync(base())
    ? readdirSync(base()).filter((name) => /^node-\d+$/.test(name)).map((name) => Number(name.slice(5))).sort((a, b) => a - b)
    : [];

export const addresses = (nodes) => nodes.map((id) => `127.0.0.1:${brokerPort(id)}`).join(',');

/** Copies the broker's jars once; needs Java 17 and Maven. */
export function obtain() {
  for (const [program, args, what] of [['java', ['-version'], 'Java 17'], ['mvn', ['-version'], 'Maven']]) {
    if (spawnSync(program, args, { stdio: 'ignore' }).status !== 0) {
      throw new Failure(`${what} is needed to run Kafka here (\`${program}\` was not found); or let KAFKA_BROKERS name a cluster`);
    }
  }
  const stamp = path.join(jars(), '.made-from');
  const pom = readFileSync(path.join(here, 'pom.xml'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pom) return;
  rmSync(jars(), { recursive: true, force: true });
  const copied = spawnSync(
    'mvn',
    ['-B', '-q', '-f', path.join(here, 'pom.xml'), 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars()}`],
    { encoding: 'utf8' },
  );
  if (copied.status !== 0) throw new Failure(`Maven could not obtain Kafka:\n${(copied.stdout + copied.stderr).trim().slice(-1500)}`);
  writeFileSync(stamp, pom);
}

/** Starts the nodes that do not run yet and waits until each takes connections. */
export async function up(count) {
  const known = knownNodes();
  if (known.length > 0 && known.length !== count) {
    throw new Failure(`a cluster of ${known.length} is laid here, not of ${count}: npm run kafka -- down --forget removes it`);
  }
  const nodes = Array.from({ length: count }, (_, index) => index + 1);
  for (const id of nodes) if (!isRunning(id)) await startNode(id, nodes);
  await Promise.all(nodes.map(awaitNode));
  return nodes;
}

/** Starts one node again, e.g. after it was killed. */
export async function startNode(id, nodes = knownNodes()) {
  if (await listens(brokerPort(id))) {
    throw new Failure(`port ${brokerPort(id)} is taken: set KAFKA_PORT to the first of ${2 * nodes.length} free ports`);
  }
  const directory = nodeDirectory(id);
  mkdirSync(directory, { recursive: true });
  const properties = path.join(directory, 'server.properties');
  writeFileSync(properties, serverProperties(id, nodes));
  const formatted = java(['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', CLUSTER_ID, '-c', properties]);
  if (formatted.status !== 0) throw new Failure(`Kafka could not format ${directory}:\n${(formatted.stdout + formatted.stderr).slice(-1500)}`);
  const log = openSync(path.join(directory, 'kafka.log'), 'a');
  const child = spawn('java', [...javaOptions(), 'kafka.Kafka', properties], { stdio: ['ignore', log, log], detached: true, cwd: directory });
  closeSync(log);
  child.unref();
  writeFileSync(pidFile(id), String(child.pid));
}

export async function awaitNode(id) {
  for (let waited = 0; waited < 600; waited += 1) {
    if (await listens(brokerPort(id))) return;
    if (!isRunning(id)) break;
    await pause(100);
  }
  throw new Failure(`Kafka node ${id} did not start; its log: ${path.join(nodeDirectory(id), 'kafka.log')}`);
}

/** Ends a node: `SIGTERM` asks it, `SIGKILL` does not. Resolves when it is gone. */
export async function stopNode(id, signal = 'SIGTERM') {
  const pid = runningPid(id);
  if (pid === undefined) return;
  process.kill(pid, signal);
  for (let waited = 0; waited < 300 && isRunning(id); waited += 1) await pause(100);
  if (isRunning(id)) process.kill(pid, 'SIGKILL');
  rmSync(pidFile(id), { force: true });
}

export const down = async () => {
  await Promise.all(knownNodes().map((id) => stopNode(id)));
};

export const forget = () => {
  for (const id of knownNodes()) rmSync(nodeDirectory(id), { recursive: true, force: true });
};

export const isRunning = (id) => runningPid(id) !== undefined;
export const brokerAddress = (id) => `127.0.0.1:${brokerPort(id)}`;
export { listens as takesConnections };
export const portOf = brokerPort;

const pidFile = (id) => path.join(nodeDirectory(id), 'pid');

export function runningPid(id) {
  if (!existsSync(pidFile(id))) return undefined;
  const pid = Number(readFileSync(pidFile(id), 'utf8'));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

function javaOptions() {
  return [
    '-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${path.join(here, 'log4j2.xml')}`,
    '-cp', path.join(jars(), '*'),
  ];
}

const java = (args) => spawnSync('java', [...javaOptions(), ...args], { encoding: 'utf8' });

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

/** A small cluster that notices a dead node in seconds: for development and tests, not a production setting. */
function serverProperties(id, nodes) {
  const replicas = Math.min(3, nodes.length);
  const inSync = Math.max(1, replicas - 1);
  return Object.entries({
    'node.id': id,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': nodes.map((node) => `${node}@127.0.0.1:${controllerPort(node)}`).join(','),
    listeners: `BROKER://127.0.0.1:${brokerPort(id)},CONTROLLER://127.0.0.1:${controllerPort(id)}`,
    'advertised.listeners': `BROKER://127.0.0.1:${brokerPort(id)}`,
    'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': path.join(nodeDirectory(id), 'log'),
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
  }).map(([key, value]) => `${key}=${value}`).join('\n') + '\n';
}
