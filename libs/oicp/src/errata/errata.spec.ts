import { READINGS } from '../../test/errata-readings.ts';
import { sample } from '../../test/samples.ts';
import {
  ENDPOINTS, ERRATA, EMP_DOOR_PREFIX, acknowledged, endpointPath, erratumOf, identificationOf, isSameProduct, parseEvcoId, parseUid,
  positionOf, evseKey, readOicp, readReply, STATUS_CODES, statusCode, writeOicp, type Finding, type MessageKind, type OicpMessages,
} from '../index.ts';

const ofEntry = (findings: readonly Finding[], id: string): string[] =>
  findings.filter(({ erratum }) => erratum === id).map(({ pointer, code }) => `${pointer} ${code}`);

describe.each(Object.entries(READINGS))('%s as it is read', (id, readings) => {
  it.each(readings.map((reading, index) => [index, reading] as const))('case %i', (_, { kind, document, message, findings }) => {
    const outcome = readOicp(kind, JSON.stringify(document));
    expect(outcome).toMatchObject({ ok: true, message });
    if (findings !== undefined) expect(ofEntry(outcome.findings, id)).toEqual(findings);
  });
});

const pull = { ProviderID: 'DE-EMP', GeoCoordinatesResponseFormat: 'DecimalDegree' };
const written = <K extends MessageKind>(kind: K, message: OicpMessages[K]): unknown => JSON.parse(writeOicp(kind, message));
const refusal = (write: () => unknown): unknown => {
  try {
    return write();
  } catch (error) {
    return (error as { slug?: string }).slug;
  }
};

/** Entries about what we send, or about documents only: our side is as the register says. */
const OURS: Readonly<Record<string, () => void>> = {
  'E-01': () => {
    const paths = [ENDPOINTS.PullEvseStatus, ENDPOINTS.PullEvseStatusById, ENDPOINTS.PullEvseStatusByOperatorId].map(({ path }) => path);
    expect(new Set(paths).size).toBe(3);
  },
  'E-03': () => expect(written('PullEvseStatus', { ProviderID: 'DE-EMP', EvseStatus: 'Available' })).toHaveProperty('EvseStatus', 'Available'),
  'E-04': () => {
    expect(written('PullEvseData', { ...pull, OperatorIds: ['DE*SIM'] })).toHaveProperty('OperatorIds');
    expect(written('PullEvsePricing', { ProviderID: 'DE-EMP', OperatorIDs: ['DE*SIM'] })).toHaveProperty('OperatorIDs');
  },
  'E-05': () => {
    expect(written('PullEvseData', { ProviderID: 'DE-EMP', GeoCoordinatesResponseFormat: 'Google' })).toHaveProperty('GeoCoordinatesResponseFormat');
  },
  'E-07': () => expect(refusal(() => writeOicp('PullEvseData', { ...pull, LastCall: '2026-05-01T00:00:00Z', CountryCodes: ['DEU'] }))).toBe('oicp-not-conformant'),
  'E-09': () => expect(ENDPOINTS.PullEvseData.query).toContain('size'),
  'E-10': () => expect(ENDPOINTS.PullEvseData.perMinute).toBe(25),
  'E-17': () => {
    const start = { ...sample('AuthorizeRemoteStart.app'), EvseID: 'CH*GFT*E*Alexandra*1' } as unknown as OicpMessages['AuthorizeRemoteStart'];
    expect(written('AuthorizeRemoteStart', start)).toHaveProperty('EvseID', 'CH*GFT*E*Alexandra*1');
    expect(evseKey('CH*GFT*E*Alexandra*1')).toBe(evseKey('CHGFTEALEXANDRA1'));
  },
  'E-18': () => {
    expect(parseEvcoId('DE|8EO|Aet5e4|3').ok).toBe(false);
    const start = { ...sample('AuthorizeRemoteStart.app'), Identification: { RemoteIdentification: { EvcoID: 'DE-8EO-C12345678-|' } } };
    expect(refusal(() => writeOicp('AuthorizeRemoteStart', start as unknown as OicpMessages['AuthorizeRemoteStart']))).toBe('oicp-not-conformant');
  },
  'E-19': () => expect(parseUid('04:b7:c1:d2')).toEqual({ ok: true, value: '04B7C1D2' }),
  'E-21': () => expect(written('AuthorizeRemoteStart', sample('AuthorizeRemoteStart.app') as unknown as OicpMessages['AuthorizeRemoteStart'])).not.toHaveProperty('SessionID'),
  'E-22': () => expect(endpointPath('AuthorizeRemoteStop', { providerID: 'DE*EMP' })).toBe('/charging/v21/providers/DE*EMP/authorize-remote/stop'),
  'E-23': () => expect(refusal(() => writeOicp('AuthorizeRemoteStart', { ProviderID: 'DE-EMP', EvseID: 'DE*SIM*E1' } as OicpMessages['AuthorizeRemoteStart']))).toBe('oicp-not-conformant'),
  'E-25': () => expect(ENDPOINTS.AuthorizeRemoteReservationStart.path).toMatch(/^\/reservation\/v11\//),
  'E-37': () => expect(readReply('Acknowledgement', 201, 'application/json', '{"Result":true,"StatusCode":{"Code":"000"}}').shape).toBe('message'),
  'E-39': () => {
    const pasted = '{"Result":true,"StatusCode":{"Code":"000","Description":"string"},"SessionID":"string"}';
    expect(readReply('PricingProductData', 200, 'application/json', pasted)).toMatchObject({ shape: 'status-code', statusCode: { Code: '000' } });
  },
  'E-41': () => {
    expect(written('PullPricingProductData', { OperatorIDs: ['DE*SIM'] })).toEqual({ OperatorIDs: ['DE*SIM'] });
    expect(refusal(() => writeOicp('PullEvsePricing', { OperatorIDs: ['DE*SIM'] } as unknown as OicpMessages['PullEvsePricing']))).toBe('oicp-not-conformant');
  },
  'E-43': () => expect(isSameProduct('AC 1', 'ac1')).toBe(true),
  'E-44': () => {
    expect(acknowledged({ StatusCode: { Code: '000' } })).toBe(true);
    expect(acknowledged({ StatusCode: { Code: '017' } })).toBe(false);
    expect(refusal(() => writeOicp('Acknowledgement', { StatusCode: { Code: '000' } }))).toBe('oicp-not-conformant');
  },
  'E-45': () => {
    const unauthorized = '{"StatusCode":{"Code":"017","Description":"Unauthorized Access","AdditionalInfo":null}}';
    for (const status of [200, 401]) expect(readReply('Acknowledgement', status, undefined, unauthorized)).toMatchObject({ shape: 'status-code', statusCode: { Code: '017' } });
  },
  'E-52': () => expect(ENDPOINTS.PullEvseData.retry).toBe('always'),
  'E-53': () => {
    const all = { RFIDMifareFamilyIdentification: { UID: '12345678' }, RemoteIdentification: { EvcoID: 'DE-EMP-C00000047-X' } };
    expect(identificationOf(all)).toEqual({ kind: 'rfid', uid: '12345678' });
    expect(refusal(() => writeOicp('AuthorizeStart', { OperatorID: 'DE*SIM', Identification: all }))).toBe('oicp-not-conformant');
  },
  'E-54': () => {
    expect(Object.keys(STATUS_CODES)).toHaveLength(31);
    expect(statusCode('017')).toEqual({ Code: '017', Description: 'Unauthorized Access.' });
  },
  'E-55': () => expect(Object.values(ENDPOINTS).some(({ operation }) => /PullAuthenticationData/.test(operation))).toBe(false),
  'E-48': () => expect(positionOf({ DecimalDegree: { Latitude: '52.48', Longitude: '13.35' } })).toEqual({ latitude: '52.48', longitude: '13.35' }),
  'E-59': () => expect(erratumOf('E-59')?.weSend).toBe('not applicable'),
  'E-61': () => expect(EMP_DOOR_PREFIX).toBe('/api/oicp'),
};

describe.each(Object.entries(OURS))('%s on our side', (id, check) => {
  it('is as the register says', check);
  it('is in the register', () => {
    expect(erratumOf(id)?.id).toBe(id);
  });
});

describe('the register', () => {
  it('has every id from E-01 to E-61 once, in order, with words in every column', () => {
    expect(ERRATA.map(({ id }) => id)).toEqual(Array.from({ length: 61 }, (_, at) => `E-${String(at + 1).padStart(2, '0')}`));
    for (const entry of ERRATA) for (const words of Object.values(entry)) expect(words).toMatch(/\S/);
  });

  it('has a test for every entry', () => {
    expect(ERRATA.map(({ id }) => id).filter((id) => READINGS[id] === undefined && OURS[id] === undefined)).toEqual([]);
  });

  it('is found by id in any case', () => {
    expect(erratumOf('e-29')?.where).toBe('ChargeDetailRecord');
    expect(erratumOf('E-99')).toBeUndefined();
  });
});
