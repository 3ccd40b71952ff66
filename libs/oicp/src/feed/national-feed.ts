import type { Finding, RejectedRecord } from '../finding.ts';
import type { EvseDataRecord } from '../messages/evse-data-record.ts';
import type { EvseStatusRecord } from '../messages/evse-status-record.ts';
import { ReadContext } from '../read/context.ts';
import { isObject, objectReader } from '../read/object-reader.ts';
import { parseJson } from '../read/parse-json.ts';
import { memberStep } from '../read/step.ts';
import { EvseDataRecord as EvseDataClass } from '../messages/evse-data-record.ts';
import { EvseStatusRecord as EvseStatusClass } from '../messages/evse-status-record.ts';
import '../rules/all-rules.ts';

/** One record of a feed and what deviates in it; pointers are into the whole feed. */
export interface FeedRecord<T> {
  readonly operatorId: string | undefined;
  readonly operatorName: string | undefined;
  readonly record: T;
  readonly findings: readonly Finding[];
}

/** A feed that could not be understood at all has `ok: false`; unreadable records are only `rejected`. */
export type FeedOutcome<T> =
  | { readonly ok: true; readonly records: readonly FeedRecord<T>[]; readonly rejected: readonly RejectedRecord[] }
  | { readonly ok: false; readonly reason: string };

interface Envelope {
  /** The list of operators, its records, in every known spelling. */
  readonly groups: readonly string[];
  readonly records: readonly string[];
  readonly recordClass: typeof EvseDataClass | typeof EvseStatusClass;
  /** Whether the operator of the group belongs into the record. */
  readonly withOperator: boolean;
}

const DATA: Envelope = {
  groups: ['EVSEData', 'EvseData'], records: ['EVSEDataRecord', 'EvseDataRecord'], recordClass: EvseDataClass, withOperator: true,
};
const STATUS: Envelope = {
  groups: ['EVSEStatuses', 'EvseStatuses'], records: ['EVSEStatusRecord', 'EvseStatusRecord'], recordClass: EvseStatusClass,
  withOperator: false,
};

/**
 * Reads a national EVSE feed: OICP records grouped by operator, `EVSEData[].EVSEDataRecord[]` (Switzerland's
 * ich-tanke-strom.ch). The operator of the group becomes the operator of its records; it is never derived from EvseIDs.
 */
export const readEvseFeed = (text: string | Uint8Array): FeedOutcome<EvseDataRecord> => readFeed(text, DATA);

/** Reads a national status feed, `EVSEStatuses[].EVSEStatusRecord[]`. */
export const readEvseStatusFeed = (text: string | Uint8Array): FeedOutcome<EvseStatusRecord> => readFeed(text, STATUS);

function readFeed<T>(text: string | Uint8Array, envelope: Envelope): FeedOutcome<T> {
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return { ok: false, reason: 'no JSON object' };
  const [groupsName, groups] = memberOf(parsed.value, envelope.groups);
  if (!Array.isArray(groups)) return { ok: false, reason: `no list ${envelope.groups[0]}` };
  const records: FeedRecord<T>[] = [];
  const rejected: RejectedRecord[] = [];
  groups.forEach((group: unknown, index) => {
    const pointer = `/${groupsName}/${index}`;
    const [listName, list] = isObject(group) ? memberOf(group, envelope.records) : ['', undefined];
    if (!isObject(group) || !Array.isArray(list)) rejected.push(noList(pointer, envelope));
    else readGroup(group, list, [groupsName, index, listName], envelope, records, rejected);
  });
  return { ok: true, records, rejected };
}

function readGroup<T>(
  group: Record<string, unknown>, list: unknown[], way: readonly [string, number, string], envelope: Envelope,
  records: FeedRecord<T>[], rejected: RejectedRecord[],
): void {
  const operatorId = typeof group.OperatorID === 'string' ? group.OperatorID : undefined;
  const operatorName = typeof group.OperatorName === 'string' ? group.OperatorName : undefined;
  const read = objectReader(envelope.recordClass);
  list.forEach((record, index) => {
    const context = new ReadContext();
    for (const step of [memberStep(way[0]), way[1], memberStep(way[2]), index]) context.enter(step);
    const pointer = `/${way.join('/')}/${index}`;
    const inherits = envelope.withOperator && isObject(record) && (record.OperatorID ?? undefined) === undefined;
    if (isObject(record)) {
      if (envelope.withOperator) {
        record.OperatorID ??= operatorId;
        record.OperatorName ??= operatorName;
      }
      if (read(record, context)) {
        const findings = inherits ? aboutTheGroup(context.findings(), pointer, way) : context.findings();
        records.push({ operatorId, operatorName, record: record as T, findings });
        return;
      }
    }
    rejected.push({ pointer, findings: context.findings() });
  });
}

/** What is wrong with the operator of the group is wrong there, not in the record that has none of its own. */
function aboutTheGroup(findings: readonly Finding[], record: string, [groups, group]: readonly [string, number, string]): readonly Finding[] {
  const at = `${record}/OperatorID`;
  return findings.map((finding) => (finding.pointer === at && finding.code !== 'member-missing'
    ? { ...finding, pointer: `/${groups}/${group}/OperatorID` } : finding));
}

const memberOf = (value: Record<string, unknown>, names: readonly string[]): readonly [string, unknown] => {
  const name = names.find((candidate) => value[candidate] !== undefined) ?? names[0]!;
  return [name, value[name]];
};

const noList = (pointer: string, { records }: Envelope): RejectedRecord => ({
  pointer,
  findings: [{
    pointer, code: 'member-missing', severity: 'error', message: `no list of records; expected: ${records[0]}`,
  }],
});
