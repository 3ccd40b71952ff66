import { generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { CURVES, type Curve } from '../keys/curves.ts';
import { verifySession } from '../session/verify-session.ts';
import { verifySignedValue } from '../verify-signed-value.ts';

const RECORDS = 64;
const ROUNDS = 12;

interface Signed {
  readonly bytes: Uint8Array;
  readonly signature: Buffer;
  readonly record: string;
}

/**
 * How many signed values one core reads and verifies in a second, per curve, against bare `node:crypto.verify` over the
 * same bytes in the same run. Both sides take turns and are measured in processor time, so that a busy machine disturbs
 * the ratio little. `args[0]`: milliseconds per measurement, default 100.
 */
export function run(args: readonly string[] = []): void {
  const millis = Number(args[0] ?? 100);
  print('OCMF, two readings, per second of one core', 'bare verify', 'verified value', 'ratio', 'session');
  for (const curve of CURVES.values()) {
    const { publicKey, records, spki } = signedRecords(curve);
    const bare = { verifications: 0, seconds: 0 };
    const whole = { verifications: 0, seconds: 0 };
    const session = { verifications: 0, seconds: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      measure(bare, millis / ROUNDS, records, ({ bytes, signature }) => verify('sha256', bytes, publicKey, signature));
      measure(
        whole,
        millis / ROUNDS,
        records,
        ({ record }) => verifySignedValue(record, { key: spki }).integrity === 'valid',
      );
      measure(
        session,
        millis / ROUNDS,
        records,
        ({ record }) => verifySession([record], { registeredKey: spki }).verdict === 'valid',
      );
    }
    print(curve.name, rate(bare), rate(whole), (Number(rate(whole)) / Number(rate(bare))).toFixed(2), rate(session));
  }
}

interface Tally {
  verifications: number;
  seconds: number;
}

const rate = ({ verifications, seconds }: Tally): string => (verifications / seconds).toFixed(0);

function measure(tally: Tally, millis: number, records: readonly Signed[], decide: (record: Signed) => boolean): void {
  const before = process.cpuUsage();
  let seconds = 0;
  while (seconds * 1000 < millis) {
    for (const record of records) {
      if (!decide(record)) throw new Error('a signed record was not decided as valid');
    }
    tally.verifications += records.length;
    const { user, system } = process.cpuUsage(before);
    seconds = (user + system) / 1e6;
  }
  tally.seconds += seconds;
}

function signedRecords(curve: Curve): {
  readonly publicKey: KeyObject;
  readonly spki: string;
  readonly records: readonly Signed[];
} {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve.nodeName });
  const name = curve.name.replace('brainpoolP', 'brainpool');
  const records = Array.from({ length: RECORDS }, (_, index) => {
    const payload = payloadOf(index);
    const bytes = Buffer.from(payload);
    const signature = sign('sha256', bytes, privateKey);
    return {
      bytes,
      signature,
      record: `OCMF|${payload}|{"SA":"ECDSA-${name}-SHA256","SD":"${signature.toString('hex')}"}`,
    };
  });
  return { publicKey, spki: publicKey.export({ type: 'spki', format: 'der' }).toString('hex'), records };
}

const payloadOf = (index: number): string =>
  JSON.stringify({
    FV: '1.0',
    GI: 'BENCH',
    GS: 'G-1',
    GV: '1.0.0',
    PG: `T${index + 1}`,
    MV: 'MV',
    MM: 'MM',
    MS: 'M-1',
    MF: '1.0',
    IS: true,
    IL: 'VERIFIED',
    IF: ['RFID_PLAIN', 'OCPP_RS_TLS'],
    IT: 'ISO14443',
    ID: '79A94A26862469',
    CI: 'CS-1',
    CT: 'CBIDC',
    RD: [
      {
        TM: '2026-05-01T08:44:54,562+0200 S',
        TX: 'B',
        RV: 10 + index,
        RI: '01-00:B2.08.00*FF',
        RU: 'kWh',
        EF: '',
        ST: 'G',
      },
      {
        TM: '2026-05-01T11:44:54,562+0200 S',
        TX: 'E',
        RV: 35 + index,
        RI: '01-00:B2.08.00*FF',
        RU: 'kWh',
        EF: '',
        ST: 'G',
      },
    ],
  });

function print(name: string, ...columns: readonly string[]): void {
  process.stdout.write(`${name.padEnd(44)}${columns.map((column) => column.padStart(16)).join('')}\n`);
}
