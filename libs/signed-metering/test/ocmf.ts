import type { TestKey } from './keys.ts';

export interface TestReading {
  readonly [member: string]: unknown;
}

/** A good reading. `RV` is written by hand where digits matter. */
export const reading = (more: TestReading = {}): TestReading => ({
  TM: '2026-05-01T10:00:00,000+0200 S',
  TX: 'B',
  RV: 100,
  RI: '01-00:B2.08.00*FF',
  RU: 'kWh',
  RT: 'DC',
  EF: '',
  ST: 'G',
  ...more,
});

export const begin = (more: TestReading = {}): TestReading => reading(more);
export const end = (more: TestReading = {}): TestReading =>
  reading({ TM: '2026-05-01T10:30:00,000+0200 S', TX: 'E', RV: 125.5, ...more });

export const payload = (readings: readonly TestReading[], more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    FV: '1.4',
    GI: 'Gateway',
    GS: 'GW-1',
    GV: '1.0',
    PG: 'T7',
    MV: 'Maker',
    MM: 'Model',
    MS: 'M-1',
    MF: '1',
    IS: true,
    IL: 'VERIFIED',
    IF: ['RFID_PLAIN'],
    IT: 'ISO14443',
    ID: '79A94A26862469',
    CT: 'EVSEID',
    CI: 'DE*ABC*E1',
    RD: readings,
    ...more,
  });

const SPELLINGS: Readonly<Record<string, string>> = {
  brainpoolP256r1: 'brainpool256r1',
  brainpoolP384r1: 'brainpool384r1',
};
export const algorithm = (key: TestKey): string => `ECDSA-${SPELLINGS[key.curve] ?? key.curve}-SHA256`;

/** A signed record; `signature` adds or replaces members of its last section (`undefined` removes one). */
export function ocmf(text: string, key: TestKey, signature: Record<string, string | undefined> = {}): string {
  return `OCMF|${text}|${JSON.stringify({ SA: algorithm(key), SD: key.sign(Buffer.from(text), 'der').toString('hex'), ...signature })}`;
}

/** Begin and end in one record. */
export const session = (key: TestKey): string => ocmf(payload([begin(), end()]), key);
