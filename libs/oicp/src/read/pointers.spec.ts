import { sample, samples } from '../../test/samples.ts';
import { readOicp, valueAt, type Finding, type MessageKind } from '../index.ts';

/** What is absent has no place of its own; the object that should have it has one. */
const ABSENCES = new Set(['member-missing', 'opening-times-missing']);
const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'));

/** Findings that point at nothing in the document. */
function astray(kind: MessageKind, document: object): string[] {
  const outcome = readOicp(kind, JSON.stringify(document));
  const findings: readonly Finding[] = [...outcome.findings, ...(outcome.ok ? outcome.rejected.flatMap((each) => each.findings) : [])];
  return findings
    .filter(({ code, pointer }) => valueAt(document, ABSENCES.has(code) ? parentOf(pointer) : pointer) === undefined)
    .map(({ code, pointer }) => `${pointer} ${code}`);
}

const found = (kind: MessageKind, document: object): string[] =>
  readOicp(kind, JSON.stringify(document)).findings.map(({ pointer, code }) => `${pointer} ${code}`);

describe('a pointer leads into the document as it arrived', () => {
  it('where a bare text stands for an object', () => {
    const evse = { ...sample('EvseDataRecord.complete'), GeoCoordinates: { Google: '46.9488321 7.4391111' } };
    expect(found('EvseDataRecord', evse)).toEqual(expect.arrayContaining([
      '/GeoCoordinates/Google text-for-object', '/GeoCoordinates/Google coordinates-too-precise',
    ]));
  });

  it('where a list stands for an object', () => {
    const record = { ...sample('ChargeDetailRecord.signed'), MeterValueInBetween: [12048.2, 'none'] };
    expect(found('ChargeDetailRecord', record)).toEqual([
      '/MeterValueInBetween list-for-object', '/MeterValueInBetween/1 not-a-decimal',
    ]);
  });

  it('where an object or a value is alone in a list', () => {
    const reply = { Result: true, StatusCode: [{ Code: ['17'] }] };
    expect(found('Acknowledgement', reply)).toEqual([
      '/StatusCode list-for-object', '/StatusCode/0/Code list-for-value', '/StatusCode/0/Code/0 status-code-malformed',
      '/StatusCode/0/Code status-code-unknown',
    ]);
  });

  it('where statuses come in groups of operators, in lists instead of objects', () => {
    const record = { EvseID: 'DE*SIM*E1', EvseStatus: 'Sleeping' };
    const group = { OperatorID: 'DE', EVSEStatusRecord: [record, null] };
    expect(astray('EvseStatus', { EVSEStatuses: [group], StatusCode: { Code: '000' } })).toEqual([]);
    expect(found('EvseStatusById', { EvseStatuses: null, EVSEStatuses: { OperatorEvseStatus: [group] } })).toContain('/EVSEStatuses member-spelling');
    for (const groups of [[group], { OperatorEvseStatus: [group, group] }, { OperatorEvseStatus: group }]) {
      for (const name of ['EvseStatuses', 'EVSEStatuses']) {
        expect(astray('EvseStatusById', { [name]: groups, statuscode: { Code: '000' } })).toEqual([]);
      }
    }
  });

  it('where a rule is about members under other names', () => {
    expect(found('PullEvseData', { ProviderID: 'DE-EMP', GeoCoordinatesResponseFormat: 'Google', LastCall: '2026-05-01T00:00:00Z', OperatorIDs: ['DE*SIM'] }))
      .toEqual(['/OperatorIDs member-spelling', '/OperatorIDs filter-not-allowed']);
    const start = { OperatorID: 'DE*SIM', identification: { remoteidentification: { EvcoID: 'DE-EMP-C00000047-X' } } };
    expect(found('AuthorizeStart', start)).toContain('/identification/remoteidentification identification-not-allowed');
  });

  it.each(samples())('whatever drifts in $name', ({ kind, text }) => {
    for (const drift of DRIFTS) {
      for (const document of drifted(JSON.parse(text) as object, drift)) {
        expect({ document, astray: astray(kind, document) }).toEqual({ document, astray: [] });
      }
    }
  });
});

type Drift = (value: unknown) => unknown;
const DRIFTS: readonly Drift[] = [
  (value) => [value],
  (value) => (Array.isArray(value) && value.length > 0 ? (value[0] as unknown) : '?'),
  (value) => (isObject(value) ? Object.values(value)[0] ?? [] : [[]]),
  (value) => (isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toUpperCase(), member])) : 7),
  (value) => (isObject(value) ? { ...value, 'a/b~c': 1 } : {}),
];

/** The document as often as it has values, with another one changed each time. */
function* drifted(document: object, drift: Drift, parent: object = document): Generator<object> {
  for (const [name, value] of Object.entries(parent)) {
    Object.assign(parent, { [name]: drift(value) });
    yield document;
    Object.assign(parent, { [name]: value as unknown });
    if (typeof value === 'object' && value !== null) yield* drifted(document, drift, value as object);
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
