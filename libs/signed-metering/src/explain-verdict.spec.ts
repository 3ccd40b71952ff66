import { newKey } from '../test/keys.ts';
import { begin, end, ocmf, payload, session } from '../test/ocmf.ts';
import { explainVerdict } from './explain-verdict.ts';
import { verifySession } from './session/verify-session.ts';

const key = newKey('secp256r1');

describe('explainVerdict', () => {
  it('tells a driver what was proven', () => {
    const text = explainVerdict(verifySession([session(key)], { registeredKey: key.spki }));
    expect(text).toContain("The meter's signed values prove this session.");
    expect(text).toContain('Signed energy: 25.5 kWh (register 01-00:B2.08.00*FF).');
    expect(text).toContain('Were the values changed after the meter signed them? No: the key signed these bytes.');
    expect(text).toContain(
      "Did this station's meter sign them? Yes: the key registered for this station signed the values.",
    );
    expect(text).not.toContain('79A94A26862469');
  });

  it('tells what is wrong, without an energy that somebody may have written', () => {
    const text = explainVerdict(verifySession([session(key).replace('125.5', '925.5')], { registeredKey: key.spki }));
    expect(text).toContain('not genuine');
    expect(text).toContain('Yes, or somebody else signed them: this key did not sign these bytes (record).');
    expect(text).not.toMatch(/825|kWh/);
  });

  it('tells what stays open, and lists what was noticed', () => {
    const text = explainVerdict(verifySession([ocmf(payload([begin(), end({ ST: 'S' })]), key)]));
    expect(text).toContain('could not be verified.\nReason: there is no public key to verify with.');
    expect(text).toContain('Energy as stated, not proven: 25.5 kWh');
    expect(text).toContain('- the value is a substitute');
    expect(explainVerdict(verifySession([]))).toMatch(/delivered no signed meter values/);
  });
});
