import fc from 'fast-check';
import { messageOf } from '../../test/arbitraries.ts';
import { sample, samples, withoutNulls } from '../../test/samples.ts';
import { MESSAGE_KINDS, readOicp, validateOicp, writeOicp, type OicpMessages } from '../index.ts';
import { MESSAGE_CLASSES } from '../messages/messages.ts';
import { serialize } from './serialize.ts';

const refusalOf = (write: () => unknown): unknown => {
  try {
    return write();
  } catch (error) {
    return error;
  }
};

describe('writing', () => {
  it.each(samples('conformant'))('$name as the same JSON value', ({ kind, text }) => {
    const outcome = readOicp(kind, text);
    if (!outcome.ok) throw new Error('unreadable');
    expect(JSON.parse(writeOicp(kind, outcome.message))).toEqual(withoutNulls(JSON.parse(text)));
  });

  it('leaves out what is undefined or null', () => {
    const message = { Result: true, StatusCode: { Code: '000', Description: undefined, AdditionalInfo: null }, SessionID: undefined };
    expect(writeOicp('Acknowledgement', message as unknown as OicpMessages['Acknowledgement'])).toBe('{"Result":true,"StatusCode":{"Code":"000"}}');
  });

  it('writes unknown members as they came', () => {
    const outcome = readOicp('Acknowledgement', '{"Result":true,"StatusCode":{"Code":"000"},"extra":{"a":[1,null]},"__proto__":7,"none":null}');
    expect(outcome.ok && writeOicp('Acknowledgement', outcome.message)).toBe(
      '{"Result":true,"StatusCode":{"Code":"000"},"extra":{"a":[1,null]},"__proto__":7,"none":null}',
    );
  });

  it('refuses what is not conformant, and names the places without the values', () => {
    const start = { ProviderID: 'DE-EMP', EvseID: 'nowhere', Identification: { RFIDMifareFamilyIdentification: { UID: '04b7c1' } } };
    const refusal = refusalOf(() => writeOicp('AuthorizeRemoteStart', start));
    expect(refusal).toMatchObject({
      slug: 'oicp-not-conformant', retry: 'useless',
      message: 'AuthorizeRemoteStart is not conformant at /EvseID (evse-id-malformed), ' +
        '/Identification/RFIDMifareFamilyIdentification/UID (uid-spelling), ' +
        '/Identification/RFIDMifareFamilyIdentification (identification-not-allowed)',
      details: { kind: 'AuthorizeRemoteStart', findings: [{ pointer: '/EvseID' }, {}, {}] },
    });
    expect(JSON.stringify(refusal) + (refusal as Error).message).not.toContain('04b7c1');
  });

  it.each([null, undefined, 7, 'text', []])('refuses %p', (nothing) => {
    expect(refusalOf(() => writeOicp('Acknowledgement', nothing as never))).toMatchObject({ slug: 'oicp-not-conformant' });
  });

  it('refuses an unknown member that is nested too deeply', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const message = { ...sample('Acknowledgement.done'), deep } as unknown as OicpMessages['Acknowledgement'];
    expect(refusalOf(() => writeOicp('Acknowledgement', message))).toMatchObject({ slug: 'oicp-not-conformant' });
  });

  it('never writes a number that is not one', () => {
    for (const ConsumedEnergy of ['', 'NaN', '1,5', '1e5', '0x1', ' 1', '01', '1}', 5 as unknown as string]) {
      const record = { ...sample('ChargeDetailRecord.nothing-charged'), ConsumedEnergy } as unknown as OicpMessages['ChargeDetailRecord'];
      expect(refusalOf(() => writeOicp('ChargeDetailRecord', record))).toMatchObject({ slug: 'oicp-not-conformant' });
    }
  });
});

describe('read(write(x)) = x', () => {
  it.each(MESSAGE_KINDS)('for generated messages of kind %s', (kind) => {
    fc.assert(fc.property(messageOf(kind), (message) => {
      const errors = validateOicp(kind, message as never).filter(({ severity }) => severity === 'error');
      const text = errors.length === 0 ? writeOicp(kind, message as never) : serialize(MESSAGE_CLASSES[kind], message);
      const outcome = readOicp(kind, text);
      expect(outcome).toMatchObject({ ok: true, rejected: [] });
      if (outcome.ok) {
        expect(outcome.message).toEqual(message);
        expect(serialize(MESSAGE_CLASSES[kind], outcome.message)).toBe(text);
      }
    }), { numRuns: 10 });
  });
});
