/** The broker's jars, copied once from Maven, and the archive of its classes that makes it start faster. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../steps.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const pom = path.join(here, 'pom.xml');
/** Beside the code, like node_modules: not part of anybody's data directory. */
const jars = path.resolve(here, '../../.data/kafka/jars');
const stamp = path.join(jars, '.made-from');
const archive = path.join(jars, 'classes.jsa');

/** Whether `obtain` can work here; cheap. */
export const obtainable = () => isOnPath('java') && (isObtained() || isOnPath('mvn'));

/** Copies the jars once; needs Java 17 and Maven. */
export function obtain() {
  if (!isOnPath('java')) throw new Failure('Java 17 is needed to run Kafka here (`java` was not found); or let KAFKA_BROKERS name a cluster');
  if (isObtained()) return;
  if (!isOnPath('mvn')) throw new Failure('Maven is needed to obtain Kafka (`mvn` was not found); or let KAFKA_BROKERS name a cluster');
  rmSync(jars, { recursive: true, force: true });
  const copied = spawnSync(
    'mvn',
    ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`],
    { encoding: 'utf8' },
  );
  if (copied.status !== 0) throw new Failure(`Maven could not obtain Kafka:\n${(copied.stdout + copied.stderr).trim().slice(-1500)}`);
  writeFileSync(stamp, readFileSync(pom));
}

const isObtained = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(pom, 'utf8');

function isOnPath(program) {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  return (process.env.PATH ?? '').split(path.delimiter).some((directory) => names.some((name) => existsSync(path.join(directory, name))));
}

/** Arguments of `java` before the class to run. `archiveTo` names a file that the classes are archived to at exit. */
export function javaOptions({ archiveTo } = {}) {
  const sharing = archiveTo ? [`-XX:ArchiveClassesAtExit=${archiveTo}`] : existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [];
  return [
    '-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xlog:disable', ...sharing,
    `-Dlog4j2.configurationFile=${path.join(here, 'log4j2.xml')}`,
    '-cp', path.join(jars, '*'),
  ];
}

/** Where a node that starts now should archive its classes, if that is still to be done. */
export const archiveWanted = (nodeDirectory) => (existsSync(archive) ? undefined : path.join(nodeDirectory, 'classes.jsa'));

/** Takes what a node has archived, once it is gone; it appears whole or not at all. */
export function keepArchive(nodeDirectory) {
  const made = path.join(nodeDirectory, 'classes.jsa');
  if (!existsSync(made)) return;
  try {
    renameSync(made, archive);
  } catch {
    rmSync(made, { force: true });
  }
}
