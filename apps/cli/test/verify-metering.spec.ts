import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { emp } from './captured-io.ts';

const CARD = '1F2D3A4F5506C7';
const station = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const hex = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('hex');

function ocmf(endKwh = '12.500'): string {
  const payload = JSON.stringify({
    FV: '1.0',
    GI: 'SIM',
    GS: '1',
    PG: 'T7',
    MV: 'SIM',
    MM: 'M',
    MS: '4711',
    IS: true,
    IT: 'ISO14443',
    ID: CARD,
    RD: [
      { TM: '2026-05-01T10:00:00,000+0200 S', TX: 'B', RV: 10, RI: '01-00:B2.08.00*FF', RU: 'kWh', ST: 'G' },
      {
        TM: '2026-05-01T11:00:00,000+0200 S',
        TX: 'E',
        RV: Number(endKwh),
        RI: '01-00:B2.08.00*FF',
        RU: 'kWh',
        ST: 'G',
      },
    ],
  });
  const signature = createSign('SHA256').update(payload).sign(station.privateKey).toString('hex');
  return `OCMF|${payload}|${JSON.stringify({ SA: 'ECDSA-secp256r1-SHA256', SD: signature })}`;
}

describe('emp metering verify', () => {
  it('shows energy, times, curve and checks of a value signed by the key one knows', async () => {
    const { status, out } = await emp(['metering', 'verify', 'value.txt', '--key', hex(station.publicKey)], {
      files: { 'value.txt': ocmf() },
    });
    expect(status).toBe(0);
    expect(out).toMatch(/^value\.txt: valid\n/);
    expect(out).toMatch(/signed energy +2\.5(00)? kWh in register 01-00:B2\.08\.00\*FF/);
    expect(out).toMatch(/begin +2026-05-01T10:00:00,000\+0200 S/);
    expect(out).toMatch(/by this station's key +yes/);
    expect(out).toMatch(/curve +secp256r1/);
    expect(out).toMatch(/checked .*SHA-256 .*the \d+ signed bytes/);
  });

  it('reads the key from a file and the value from stdin', async () => {
    const pem = station.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const { status, out } = await emp('metering verify - --key @key.pem', { stdin: ocmf(), files: { 'key.pem': pem } });
    expect(status).toBe(0);
    expect(out).toMatch(/^stdin: valid/);
  });

  it('says why not when a digit was changed', async () => {
    const { status, out } = await emp(['metering', 'verify', 'value.txt', '--key', hex(station.publicKey)], {
      files: { 'value.txt': ocmf().replace('12.5', '22.5') },
    });
    expect(status).toBe(1);
    expect(out).toMatch(/^value\.txt: invalid, .*\(signature-wrong\)/);
    expect(out).not.toMatch(/kWh/);
  });

  it('takes a value with its key as JSON for whole, not for the station’s', async () => {
    const file = JSON.stringify({ signedMeterData: ocmf(), publicKey: hex(station.publicKey) });
    const { status, out } = await emp('metering verify value.json --json', { files: { 'value.json': file } });
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      {
        file: 'value.json',
        verdict: 'valid',
        questions: { integrity: { answer: 'yes' }, origin: { answer: 'unknown' } },
      },
    ]);
  });

  it('does not take a stranger’s key for an answer', async () => {
    const { status, out } = await emp(['metering', 'verify', 'value.txt', '--key', hex(stranger.publicKey)], {
      files: { 'value.txt': ocmf() },
    });
    expect(status).toBe(1);
    expect(out).toMatch(/signature-wrong/);
  });

  it('says that --key is none, instead of going on without', async () => {
    const { status, err } = await emp('metering verify value.txt --key abc', { files: { 'value.txt': ocmf() } });
    expect(status).toBe(2);
    expect(err).toMatch(/--key is no public key/);
  });

  it.each([['--key', ''], ['--key', ' '], ['--key', '@empty.pem']])('refuses an empty key as well: %s "%s"', async (...key) => {
    const { status, err } = await emp(['metering', 'verify', 'value.txt', ...key], { files: { 'value.txt': ocmf(), 'empty.pem': '\n' } });
    expect(status).toBe(2);
    expect(err).toMatch(/--key is empty/);
  });

  it('names what is unverifiable, and ends with status 1', async () => {
    const { status, out } = await emp('metering verify note.txt', { files: { 'note.txt': 'hello' } });
    expect(status).toBe(1);
    expect(out).toMatch(/unknown-format/);
  });

  it.each(['', ' --json'])('never shows the card number inside a value%s', async (more) => {
    const { out } = await emp(
      ['metering', 'verify', 'value.txt', '--key', hex(station.publicKey), ...more.trim().split(' ').filter(Boolean)],
      { files: { 'value.txt': ocmf() } },
    );
    expect(out).not.toContain(CARD);
    expect(out).toContain('4711');
  });
});
