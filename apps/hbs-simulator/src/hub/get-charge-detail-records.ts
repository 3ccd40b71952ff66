import { writeJson } from '../json.ts';
import { instantOf, missing, textsOf, type HubOperation } from './hub-call.ts';
import { pageJson, pageRequestOf } from './spring-page.ts';
import { statusCodeJson } from './status-code.ts';

/** GetChargeDetailRecords (OICP §7.8): the window is over the time HBS received the record. */
export const getChargeDetailRecords: HubOperation = ({ world, providerId, body, query }) => {
  const fromMs = instantOf(body['From']);
  const toMs = instantOf(body['To']);
  if (fromMs === undefined || toMs === undefined) return missing(...(fromMs === undefined ? ['from'] : []), ...(toMs === undefined ? ['to'] : []));
  const request = pageRequestOf(query);
  const setOf = (value: unknown): ReadonlySet<string> | undefined => {
    const texts = textsOf(value);
    return texts === undefined || texts.length === 0 ? undefined : new Set(texts);
  };
  const { total, records } = world.records.query({
    providerId, fromMs, toMs,
    forwarded: typeof body['CDRForwarded'] === 'boolean' ? body['CDRForwarded'] : undefined,
    sessionIds: setOf(body['SessionID']),
    operatorIds: setOf(body['OperatorID']),
  }, { offset: shifted(request.number * request.size, world.faults.pageShift), size: request.size });
  world.tally.recordsPulled += records.length;
  return { text: pageJson(request, total, records.map((record) => record.text), writeJson(statusCodeJson({ code: '000' }))) };
};

/** While somebody walks the pages, records move to the next one. */
export const shifted = (offset: number, by: number): number => Math.max(0, offset - (offset > 0 ? by : 0));
