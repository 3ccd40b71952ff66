import { readFile } from 'node:fs/promises';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { messageOf } from '@emp/kernel';
import { Problem } from '@emp/service-kit';
import { isObject, textIn } from '../json.ts';
import { evseOf, type Evse } from './evse.ts';
import { locateJsonFault } from './json-fault.ts';
import type { EvseStatus } from './network.ts';

/** A national feed as it is published: `EVSEData[].EVSEDataRecord[]`, JSON or .json.gz, a file or a URL. */
export async function loadFeed(from: string, now: Date): Promise<Evse[]> {
  const groups = listIn(await loadJson(from), ['EVSEData', 'EvseData'], from);
  return groups.filter(isObject).flatMap((group) => {
    const operatorId = textIn(group, 'OperatorID', 'OperatorId') ?? '';
    const operator = { operatorId, operatorName: textIn(group, 'OperatorName') ?? operatorId };
    const records = listIn(group, ['EVSEDataRecord', 'EvseDataRecord'], from);
    return records.filter(isObject).flatMap((record) => evseOf(record, operator, now.getTime()) ?? []);
  });
}

/** The status beside it: `EVSEStatuses[].EVSEStatusRecord[]`. EvseID → status. */
export async function loadStatusFeed(from: string): Promise<Map<string, EvseStatus>> {
  const statuses = new Map<string, EvseStatus>();
  for (const group of listIn(await loadJson(from), ['EVSEStatuses', 'EvseStatuses'], from).filter(isObject)) {
    for (const record of listIn(group, ['EVSEStatusRecord', 'EvseStatusRecord'], from).filter(isObject)) {
      const id = textIn(record, 'EvseID', 'EvseId');
      const status = textIn(record, 'EVSEStatus', 'EvseStatus');
      if (id !== undefined && status !== undefined) statuses.set(id, status);
    }
  }
  return statuses;
}

async function loadJson(from: string): Promise<unknown> {
  const bytes = await loadBytes(from);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  let text: string;
  try {
    text = (packed ? await promisify(gunzip)(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new Problem(422, 'feed-damaged', `${from} begins like gzip but cannot be unpacked: ${messageOf(error)}`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const fault = locateJsonFault(text);
    const where = fault === undefined ? messageOf(error) : `line ${fault.line}, column ${fault.column} (offset ${fault.offset}): ${fault.detail}`;
    const { line, column, offset } = fault ?? { line: null, column: null, offset: null };
    throw new Problem(422, 'feed-not-json', `${from} is not JSON: ${where}`, { line, column, offset });
  }
}

async function loadBytes(from: string): Promise<Buffer> {
  try {
    if (!/^https?:/.test(from)) return await readFile(from);
    const answer = await fetch(from);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    throw new Problem(422, 'feed-unreadable', `${from} cannot be read: ${messageOf(error)}`);
  }
}

function listIn(holder: unknown, names: readonly string[], from: string): readonly unknown[] {
  for (const name of names) {
    const list = isObject(holder) ? holder[name] : undefined;
    if (Array.isArray(list)) return list;
  }
  const has = isObject(holder) ? `an object with ${Object.keys(holder).slice(0, 5).join(', ') || 'no members'}` : typeof holder;
  throw new Problem(422, 'feed-of-another-shape', `${from}: a list "${names[0] ?? ''}" was expected, but there is ${has}`);
}
