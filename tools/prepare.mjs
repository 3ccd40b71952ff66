/** Makes a clone ready to run: dependencies as locked, Prisma clients, compiled code. Each step only if it is due. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Failure, run, step } from './steps.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const NEEDED_NODE = [20, 19];

export async function prepare() {
  refuseOldNode();
  const lock = digest('package-lock.json');
  const installed = path.join(root, 'node_modules/.emp-lock');
  if (read(installed) !== lock) {
    await step('install the locked dependencies', install);
    writeFileSync(installed, lock);
  }
  const due = readdirSync(path.join(root, 'prisma')).filter((service) => read(clientStamp(service)) !== schemaDigest(service, lock));
  if (due.length > 0) {
    await step(`generate ${due.length} Prisma client${due.length > 1 ? 's' : ''}`, async () => {
      await Promise.all(due.map((service) => generateClient(service, lock)));
    });
  }
  await step('build', build);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor < NEEDED_NODE[1])) {
    throw new Failure(`Node ${NEEDED_NODE.join('.')} or newer is needed, this is ${process.versions.node}: install a current LTS release`);
  }
}

async function install() {
  const { code, output } = await command(npm(), ['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  if (code === 0) return;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|network/.test(output)) {
    throw new Failure('npm could not reach its package registry: check the network or the proxy settings of npm, then start again');
  }
  throw new Failure(`npm ci failed (exit ${code}); its last words:\n${tail(output)}`);
}

async function generateClient(service, lock) {
  const directory = path.join(root, 'prisma', service);
  // The client is generated from the schema alone; naming an executable keeps Prisma from downloading its schema engine.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, DATABASE_URL: 'postgresql://localhost/none', CHECKPOINT_DISABLE: '1' };
  const { code, output } = await command(process.execPath, [path.join(root, 'node_modules/prisma/build/index.js'), 'generate'], directory, env);
  if (code !== 0) throw new Failure(`prisma generate failed in prisma/${service}; its last words:\n${tail(output)}`);
  writeFileSync(clientStamp(service), schemaDigest(service, lock));
}

async function build() {
  const { code, output } = await command(process.execPath, [path.join(root, 'node_modules/ts7/bin/tsc'), '-b'], root);
  if (code !== 0) throw new Failure(`the build failed:\n${tail(output)}`);
}

/** Runs a program to its end, keeping what it says. */
function command(program, args, cwd, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], shell: program.endsWith('.cmd') });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => reject(new Failure(`${program} could not be started: ${error.message}`)));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const npm = () => (process.platform === 'win32' ? 'npm.cmd' : 'npm');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
const digest = (file) => createHash('sha256').update(readFileSync(path.join(root, file))).digest('hex');
const clientStamp = (service) => path.join(root, 'prisma', service, 'src/generated/.made-from');
const schemaDigest = (service, lock) => `${digest(path.join('prisma', service, 'schema.prisma'))} ${lock}`;
const tail = (text) => text.trim().split('\n').slice(-20).join('\n');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run(prepare);
