import fc from 'fast-check';
import { sample, samples, sampleText } from '../../test/samples.ts';
import { readOicp, readOicpValue, valueAt, type Finding, type MessageKind, type ReadOutcome } from '../index.ts';

const codesOf = (findings: readonly Finding[]): string[] => findings.map(({ pointer, code }) => `${pointer} ${code}`);
const found = (outcome: ReadOutcome<unknown>): string[] => codesOf(outcome.findings);
const read = <T>(outcome: ReadOutcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.findings));
  return outcome.message;
};

describe('reading conformant samples', () => {
  it.each(samples('conformant'))('$name deviates in nothing', ({ kind, text }) => {
    const outcome = readOicp(kind, text);
    expect(outcome.ok && outcome.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(outcome.ok && outcome.rejected).toEqual([]);
  });

  it('reads bytes as it reads text, a byte order mark included', () => {
    const text = sampleText('AuthorizeStart.card');
    expect(readOicp('AuthorizeStart', Buffer.from(`\uFEFF${text}`))).toEqual(readOicp('AuthorizeStart', text));
  });
});

describe('reading what really arrives', () => {
  const outcome = readOicp('EvseDataRecord', sampleText('EvseDataRecord.dirty'));

  it('translates a dirty record into a message', () => {
    expect(read(outcome)).toMatchObject({
      EvseID: 'CH*SIM*E*Alexandra*1', ChargingStationID: 'SIM-1', OperatorID: 'CH*SIMULATED',
      ChargingStationNames: [{ lang: 'de', value: 'Bahnhof' }],
      GeoCoordinates: { Google: { Coordinates: '46.9488321 7.4391111' } },
      Plugs: ['Type 2 Outlet', 'Type 9 Outlet'],
      ChargingFacilities: [{ Power: '22.0', PowerType: 'AC_3_PHASE', Amperage: 32, Voltage: 230 }, { Power: '0', Amperage: 125 }],
      Accessibility: 'Restricted access', IsOpen24Hours: false, DynamicInfoAvailable: 'true',
      OpeningTimes: [{ Period: [{ begin: '08:00', end: '18:00' }], on: 'Workdays' }],
      Rating: 5,
    });
  });

  it('leaves no null behind in known members', () => {
    const message = read(outcome);
    expect([message.SubOperatorName, message.RenewableEnergy, message.AccessibilityLocation, message.GeoChargingPointEntrance?.Google])
      .toEqual(['', undefined, undefined, undefined]);
    expect(Object.values(message).filter((value) => value === null)).toEqual([null]); // LocationImage: unknown, kept
  });

  it('names every deviation at its place in the document', () => {
    expect(found(outcome).sort()).toEqual([
      '/Accessibility value-spelling',
      '/Address/HouseNum member-missing',
      '/AuthenticationModes list-empty',
      '/ChargingFacilities/0/Amperage number-as-text',
      '/ChargingFacilities/0/Voltage number-as-text',
      '/ChargingFacilities/0/power member-spelling',
      '/ChargingFacilities/0/power number-as-text',
      '/ChargingFacilities/0/powertype member-spelling',
      '/ChargingFacilities/1/Amperage above-maximum',
      '/ChargingFacilities/1/PowerType member-missing',
      '/ChargingFacilities/1/power member-spelling',
      '/ChargingFacilities/1/power zero-power',
      '/ChargingStationId member-spelling',
      '/ChargingStationNames object-for-list',
      '/DynamicInfoAvailable value-spelling',
      '/EvseID evse-id-case',
      '/GeoChargingPointEntrance/Google coordinates-empty',
      '/GeoCoordinates/Google coordinates-too-precise',
      '/GeoCoordinates/Google text-for-object',
      '/IsOpen24Hours boolean-as-text',
      '/OpeningTimes/0/On member-spelling',
      '/OpeningTimes/0/Period object-for-list',
      '/OperatorId member-spelling',
      '/OperatorId operator-id-malformed',
      '/PaymentOptions member-missing',
      '/Plugs/1 value-unknown',
      '/Rating member-unknown',
      '/RenewableEnergy member-missing',
      '/lastUpdate date-time-without-zone',
    ]);
  });

  it('points into the document as it arrived', () => {
    const document = sample('EvseDataRecord.dirty');
    const drift = outcome.findings.filter(({ code }) => code !== 'member-missing');
    for (const { pointer } of drift) expect({ pointer, value: valueAt(document, pointer) }).not.toEqual({ pointer, value: undefined });
  });

  it('reads members in any case, and says so', () => {
    const outcome = readOicp('AuthorizeStart', '{"operatorid":"DE*SIM","IDENTIFICATION":{"rfidMifareFamilyIdentification":{"uid":"zz"}}}');
    expect(read(outcome)).toMatchObject({ OperatorID: 'DE*SIM', Identification: { RFIDMifareFamilyIdentification: { UID: 'zz' } } });
    expect(found(outcome)).toEqual([
      '/operatorid member-spelling', '/IDENTIFICATION member-spelling',
      '/IDENTIFICATION/rfidMifareFamilyIdentification member-spelling',
      '/IDENTIFICATION/rfidMifareFamilyIdentification/uid member-spelling',
      '/IDENTIFICATION/rfidMifareFamilyIdentification/uid uid-malformed',
    ]);
  });

  it('prefers a member under its own name to the same under another', () => {
    const message = read(readOicp('EvseDataRecord', '{"EvseID":"DE*SIM*E1","OperatorID":"DE*SIM","OperatorId":"DE*XYZ","operatorid":"DE*ABC"}'));
    expect(message).toMatchObject({ OperatorID: 'DE*SIM', OperatorId: 'DE*XYZ', operatorid: 'DE*ABC' });
  });

  it('keeps a literal it does not know and says which', () => {
    const outcome = readOicp('EvseStatusRecord', '{"EvseID":"DE*SIM*E1","EvseStatus":"Sleeping"}');
    expect(read(outcome).EvseStatus).toBe('Sleeping');
    expect(outcome.findings[0]?.message).toContain('"Sleeping"');
  });

  it('understands numbers where texts belong, and lists of one', () => {
    const outcome = readOicp('Acknowledgement', '{"Result":"true","StatusCode":{"Code":17},"SessionID":["7c9e6679-7425-40de-944b-e07fc1f90ae7"]}');
    expect(read(outcome)).toMatchObject({ Result: true, StatusCode: { Code: '017' }, SessionID: '7c9e6679-7425-40de-944b-e07fc1f90ae7' });
    expect(found(outcome)).toEqual(['/Result boolean-as-text', '/StatusCode/Code text-as-number', '/SessionID list-for-value']);
  });

  it('leaves out what it cannot represent', () => {
    const outcome = readOicp('EvseDataRecord', '{"EvseID":"DE*SIM*E1","Address":"somewhere","MaxCapacity":"much","Plugs":"CHAdeMO","IsOpen24Hours":"perhaps","ChargingFacilities":7,"lastUpdate":""}');
    const message = read(outcome);
    expect([message.Address, message.MaxCapacity, message.IsOpen24Hours, message.ChargingFacilities, message.lastUpdate]).toEqual(Array(5).fill(undefined));
    expect(message.Plugs).toEqual(['CHAdeMO']);
    expect(found(outcome)).toEqual(expect.arrayContaining([
      '/Address wrong-type', '/MaxCapacity wrong-type', '/IsOpen24Hours wrong-type', '/ChargingFacilities wrong-type',
      '/lastUpdate member-empty', '/Plugs object-for-list',
    ]));
  });
});

describe('lists of records', () => {
  const record = sample('ChargeDetailRecord.signed');
  const page = (...content: unknown[]): string => JSON.stringify({ ...sample('ChargeDetailRecordPage.one'), content, numberOfElements: content.length });

  it('lose only the record that cannot be read', () => {
    const outcome = readOicp('ChargeDetailRecordPage', page(record, 'no record', { ...record, SessionID: null }, null, record));
    expect(read(outcome).content).toHaveLength(2);
    expect(outcome.ok && outcome.rejected.map(({ pointer, findings }) => [pointer, codesOf(findings)])).toEqual([
      ['/content/1', ['/content/1 wrong-type']],
      ['/content/2', ['/content/2/SessionID member-missing']],
      ['/content/3', ['/content/3 wrong-type']],
    ]);
    expect(outcome.findings).toEqual([]);
  });

  it('keep the pointers of later records', () => {
    const outcome = readOicp('ChargeDetailRecordPage', page(null, { ...record, ConsumedEnergy: '21.877' }));
    expect(found(outcome)).toEqual(['/content/1/ConsumedEnergy number-as-text']);
  });

  it('notice a page that was cut', () => {
    const outcome = readOicp('ChargeDetailRecordPage', JSON.stringify({ ...sample('ChargeDetailRecordPage.one'), content: [] }));
    expect(found(outcome)).toEqual(['/numberOfElements page-inconsistent']);
  });

  it('reject groups, and records inside groups', () => {
    const outcome = readOicp('EvseStatus', '{"EvseStatuses":{"OperatorEvseStatus":[{"OperatorID":"DE*SIM"},{"OperatorID":"DE*SIM","EvseStatusRecord":[{"EvseID":"DE*SIM*E1"}]}]}}');
    expect(outcome.ok && outcome.rejected.map(({ pointer }) => pointer)).toEqual([
      '/EvseStatuses/OperatorEvseStatus/0', '/EvseStatuses/OperatorEvseStatus/1/EvseStatusRecord/0',
    ]);
  });
});

describe('what cannot be read', () => {
  it.each([['', 'not-json'], ['{"a":', 'not-json'], ['<html>', 'not-json'], ['[]', 'not-an-object'], ['null', 'not-an-object'], ['"x"', 'not-an-object']])(
    '%j is %s', (text, code) => {
      expect(readOicp('AuthorizeStart', text)).toMatchObject({ ok: false, findings: [{ pointer: '', code, severity: 'error' }] });
    },
  );

  it('says which essential members are missing', () => {
    const outcome = readOicp('AuthorizeStop', '{"OperatorID":"DE*SIM","SessionID":{}}');
    expect(outcome.ok).toBe(false);
    expect(found(outcome)).toEqual(['/SessionID wrong-type', '/Identification member-missing']);
  });
});

describe('secrets', () => {
  const secrets = ['04B7C1D2E35A8', 'DE-EMP-C00000047', '4711', 'oops'];

  it('are in no finding, however wrong they are', () => {
    const identification = {
      RFIDMifareFamilyIdentification: { UID: '04B7C1D2E35A8' },
      RFIDIdentification: { UID: ['04B7C1D2E35A8'], EvcoID: 'DE-EMP-C00000047|', RFID: 'oops', PrintedNumber: 'oops'.repeat(60), ExpiryDate: 'oops' },
      QRCodeIdentification: { EvcoID: 'DE-EMP-C00000047', PIN: '4711'.repeat(20), HashedPIN: { Function: 'oops', Value: 'oops' } },
    };
    const outcome = readOicp('AuthorizeStart', JSON.stringify({ OperatorID: 'DE*SIM', Identification: identification }));
    expect(outcome.findings.length).toBeGreaterThan(8);
    for (const secret of secrets) expect(JSON.stringify(outcome.findings)).not.toContain(secret);
  });
});

describe('reading a parsed value', () => {
  it('does not change it', () => {
    const value = sample('EvseDataRecord.dirty');
    const before = structuredClone(value);
    expect(readOicpValue('EvseDataRecord', value)).toEqual(readOicp('EvseDataRecord', JSON.stringify(value)));
    expect(value).toEqual(before);
  });

  it('survives what no JSON makes', () => {
    const circle: Record<string, unknown> = {};
    circle.Identification = circle;
    const trap = { get OperatorID(): string { throw new Error('trapped'); } };
    expect([circle, trap, undefined, 7n, Symbol('s'), () => 1].map((value) => readOicpValue('AuthorizeStart', value).ok))
      .toEqual(Array(6).fill(false));
  });
});

describe('no input makes read throw', () => {
  const kinds: readonly MessageKind[] = ['AuthorizeStart', 'ChargeDetailRecord', 'EvseDataPage', 'EvseStatusById', 'PricingProductData', 'FaultBody'];
  const anyKind = fc.constantFrom(...kinds);

  it('not random bytes', () => {
    fc.assert(fc.property(anyKind, fc.uint8Array(), (kind, bytes) => {
      expect(readOicp(kind, bytes).ok).toBe(false);
    }));
  });

  it('not JSON with our member names and anything in them', () => {
    const names = fc.constantFrom('content', 'SessionID', 'Identification', 'EvseID', 'StatusCode', 'Code', 'UID', 'Google', 'GeoCoordinates',
      'ChargingFacilities', 'Power', 'power', 'ConsumedEnergy', 'MeterValueInBetween', 'meterValues', 'OpeningTimes', 'Period', '__proto__', 'constructor', 'toString');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, fc.oneof(fc.jsonValue({ maxDepth: 0 }), fc.double({ noNaN: true }), fc.constant('\ud800')), fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(names, tie('tree'), { maxKeys: 5 })),
    }));
    fc.assert(fc.property(anyKind, fc.dictionary(names, tree), (kind, value) => {
      const outcome = readOicp(kind, JSON.stringify(value));
      expect(JSON.stringify(outcome.findings)).toBeDefined();
    }), { numRuns: 300 });
  });

  it.each([
    ['deep nesting', `{"content":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['deep nesting in an unknown member', `{"content":[],"x":${'{"x":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['a huge number', `{"content":[],"number":${'9'.repeat(5000)},"size":1e400}`],
    ['a prototype', '{"__proto__":{"content":[]},"content":[{"__proto__":null,"EvseID":"DE*SIM*E1"}],"constructor":1}'],
    ['a lone surrogate', '{"content":[{"EvseID":"\\ud800","\\udfff":1}]}'],
    ['a long text', `{"content":[{"EvseID":"${'E'.repeat(300_000)}"}]}`],
    ['a long run of backslashes beside a long number', `{"content":[],"x":"${'\\\\'.repeat(100_000)}","y":12345678901234567890}`],
  ])('not %s', (_, text) => {
    for (const kind of kinds) {
      const outcome = readOicp(kind, text);
      expect(Array.isArray(outcome.findings)).toBe(true);
    }
    expect(readOicp('EvseDataPage', text).ok).toBe(true);
    expect(({} as { content?: unknown }).content).toBeUndefined();
  });
});
