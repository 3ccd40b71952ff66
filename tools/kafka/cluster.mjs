/**
 * An Apache Kafka cluster on this machine: KRaft, one node or three, loopback only. The broker comes as Maven artifacts
 * and runs on the machine's own Java: no Docker.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../steps.mjs';
import { archiveWanted, javaOptions, keepArchive, obtain } from './jars.mjs';
import { credentials, serverProperties } from './properties.mjs';

const CLUSTER_ID = 'ZW1wLWxvY2FsLWthZmthMQ';

export class KafkaCluster {
  #directory;
  #firstPort;
  #secure;

  /** `directory` holds `node-1` …; node n listens on `firstPort + 2(n-1)`, its controller one above. */
  constructor({ directory, firstPort, secure }) {
    this.#directory = directory;
    this.#firstPort = firstPort;
    this.#secure = secure;
  }

  /** The nodes that were laid here, running or not. */
  get nodes() {
    if (!existsSync(this.#directory)) return [];
    return readdirSync(this.#directory).filter((name) => /^node-\d+$/.test(name)).map((name) => Number(name.slice(5))).sort((a, b) => a - b);
  }

  get brokers() {
    return this.nodes.map((id) => this.addressOf(id));
  }

  addressOf(id) {
    return `127.0.0.1:${this.#firstPort + 2 * (id - 1)}`;
  }

  /** The process of a node, if it runs. */
  pidOf(id) {
    const file = path.join(this.#directoryOf(id), 'pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    return pid > 0 && lives(pid) ? pid : undefined;
  }

  /** Starts the nodes that do not run yet and waits until each takes connections. */
  async up(count) {
    const known = this.nodes;
    if (known.length > 0 && known.length !== count) {
      throw new Failure(`a cluster of ${known.length} is laid in ${this.#directory}, not of ${count}: npm run kafka -- down --forget removes it`);
    }
    obtain();
    const nodes = Array.from({ length: count }, (_, index) => index + 1);
    await Promise.all(nodes.map((id) => (this.pidOf(id) === undefined ? this.start(id, nodes) : undefined)));
    await Promise.all(nodes.map((id) => this.ready(id)));
  }

  /** Starts one node, e.g. again after it was killed. */
  async start(id, nodes = this.nodes) {
    const { brokerPort } = this.#portsOf(id);
    if (await listens(brokerPort)) throw new Failure(`port ${brokerPort} is taken: set KAFKA_PORT to the first of ${2 * nodes.length} free ports`);
    const directory = this.#directoryOf(id);
    mkdirSync(directory, { recursive: true });
    const properties = path.join(directory, 'server.properties');
    const logDirectory = path.join(directory, 'log');
    writeFileSync(properties, serverProperties({ id, nodes: nodes.map((node) => this.#portsOf(node)), logDirectory, secure: this.#secure }));
    if (!existsSync(path.join(logDirectory, 'meta.properties'))) this.#format(properties, directory);
    const archiveTo = id === 1 ? archiveWanted(directory) : undefined;
    const log = openSync(path.join(directory, 'kafka.log'), 'a');
    const child = spawn('java', [...javaOptions({ archiveTo }), 'kafka.Kafka', properties], { stdio: ['ignore', log, log], detached: true, cwd: directory });
    closeSync(log);
    child.unref();
    writeFileSync(path.join(directory, 'pid'), String(child.pid));
  }

  /** Resolves when the node takes connections. */
  async ready(id) {
    for (let waited = 0; waited < 1200; waited += 1) {
      if (await listens(this.#portsOf(id).brokerPort)) return;
      if (this.pidOf(id) === undefined) break;
      await pause(50);
    }
    throw new Failure(`Kafka node ${id} did not start; its log: ${path.join(this.#directoryOf(id), 'kafka.log')}`);
  }

  /** Ends a node: `SIGTERM` asks it, `SIGKILL` does not. Resolves when it is gone. */
  async stop(id, signal = 'SIGTERM') {
    const pid = this.pidOf(id);
    if (pid === undefined) return;
    process.kill(pid, signal);
    for (let waited = 0; waited < 600 && lives(pid); waited += 1) await pause(50);
    if (lives(pid)) process.kill(pid, 'SIGKILL');
    keepArchive(this.#directoryOf(id));
    rmSync(path.join(this.#directoryOf(id), 'pid'), { force: true });
  }

  async down(signal = 'SIGTERM') {
    await Promise.all(this.nodes.map((id) => this.stop(id, signal)));
  }

  /** Removes the nodes' data. */
  forget() {
    for (const id of this.nodes) rmSync(this.#directoryOf(id), { recursive: true, force: true });
  }

  #format(properties, directory) {
    const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties, ...credentials(this.#secure)];
    const formatted = spawnSync('java', [...javaOptions(), ...tool], { encoding: 'utf8' });
    if (formatted.status !== 0) throw new Failure(`Kafka could not format ${directory}:\n${(formatted.stdout + formatted.stderr).slice(-1500)}`);
  }

  #directoryOf(id) {
    return path.join(this.#directory, `node-${id}`);
  }

  #portsOf(id) {
    const brokerPort = this.#firstPort + 2 * (id - 1);
    return { id, brokerPort, controllerPort: brokerPort + 1 };
  }
}

/** Whether the process is that of a broker: the number may have been given to another one, or be that of a zombie. */
function lives(pid) {
  try {
    process.kill(pid, 0);
    const command = process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
    return command.includes('kafka.Kafka');
  } catch {
    return false;
  }
}

export function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
