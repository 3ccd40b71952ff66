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

  get directory() {
    return this.#directory;
  }

  get brokers() {
    return this.nodes.map((id) => this.addressOf(id));
  }

  addressOf(id) {
    return `127.0.0.1:${this.#portsOf(id).brokerPort}`;
  }

  /** The process of a node, if it runs. */
  pidOf(id) {
    const file = path.join(this.#directoryOf(id), 'pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    return pid > 0 && lives(pid) ? pid : undefined;
  }

  /** `runs` only if it takes connections: a node may hang, or be starting. */
  async stateOf(id) {
    if (this.pidOf(id) === undefined) return 'is stopped';
    return (await listens(this.#portsOf(id).brokerPort)) ? 'runs' : `runs, and takes no connection; its log: ${this.#logOf(id)}`;
  }

  /** Starts the nodes that do not run yet and waits until each takes connections: all of them, or none more than before. */
  async up(count) {
    const known = this.nodes;
    if (known.length > 0 && known.length !== count) {
      throw new Failure(`a cluster of ${known.length} is laid in ${this.#directory}, not of ${count}: npm run kafka -- down --forget removes it`);
    }
    obtain();
    const nodes = Array.from({ length: count }, (_, index) => index + 1);
    const due = nodes.filter((id) => this.pidOf(id) === undefined);
    for (const id of nodes) if (!due.includes(id)) this.#requireItsPort(id);
    for (const id of due) await this.#requireFreePorts(id, count);
    for (const id of nodes) mkdirSync(this.#directoryOf(id), { recursive: true });
    try {
      for (const id of due) await this.start(id, nodes);
      await Promise.all(nodes.map((id) => this.ready(id)));
    } catch (error) {
      await Promise.all(due.map((id) => this.stop(id, 'SIGKILL')));
      throw error;
    }
  }

  /** Starts one node, e.g. again after it was killed. */
  async start(id, nodes = this.nodes) {
    await this.#requireFreePorts(id, nodes.length);
    const directory = this.#directoryOf(id);
    const properties = this.#propertiesOf(id);
    const logDirectory = path.join(directory, 'log');
    writeFileSync(properties, serverProperties({ id, nodes: nodes.map((node) => this.#portsOf(node)), logDirectory, secure: this.#secure }));
    if (!existsSync(path.join(logDirectory, 'meta.properties'))) this.#format(properties, directory);
    const archiveTo = id === 1 ? archiveWanted(directory) : undefined;
    const log = openSync(this.#logOf(id), 'a');
    const child = spawn('java', [...javaOptions({ archiveTo }), 'kafka.Kafka', properties], { stdio: ['ignore', log, log], detached: true, cwd: directory });
    closeSync(log);
    child.unref();
    writeFileSync(path.join(directory, 'pid'), String(child.pid));
  }

  /** Resolves when the node takes connections. */
  async ready(id) {
    for (let waited = 0; waited < 1200; waited += 1) {
      if (this.pidOf(id) === undefined) break;
      if (await listens(this.#portsOf(id).brokerPort)) return;
      await pause(50);
    }
    throw new Failure(`Kafka node ${id} did not start${this.#lastComplaintOf(id)}; its log: ${this.#logOf(id)}`);
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

  /** Whoever is told of another port finds a cluster that runs already, and would wait in vain. */
  #requireItsPort(id) {
    const { brokerPort } = this.#portsOf(id);
    const laid = /BROKER:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(this.#propertiesOf(id), 'utf8'))?.[1];
    if (Number(laid) === brokerPort) return;
    throw new Failure(`Kafka node ${id} of ${this.#directory} runs on port ${laid}, not ${brokerPort}: set KAFKA_PORT to ${Number(laid) - 2 * (id - 1)}, or stop it first (npm run kafka -- down)`);
  }

  async #requireFreePorts(id, count) {
    const { brokerPort, controllerPort } = this.#portsOf(id);
    for (const port of [brokerPort, controllerPort]) {
      if (await listens(port)) throw new Failure(`port ${port} is taken: set KAFKA_PORT to the first of ${2 * count} free ports`);
    }
  }

  /** E.g. that this Java is too old. */
  #lastComplaintOf(id) {
    const lines = readFileSync(this.#logOf(id), 'utf8').split('\n');
    const complaint = lines.findLast((line) => /Exception|Error/.test(line) && !/^\s+at /.test(line));
    return complaint === undefined ? '' : ` (${complaint.trim().slice(0, 300)})`;
  }

  #propertiesOf(id) {
    return path.join(this.#directoryOf(id), 'server.properties');
  }

  #logOf(id) {
    return path.join(this.#directoryOf(id), 'kafka.log');
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
