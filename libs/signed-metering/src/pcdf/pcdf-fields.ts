import { Decimal } from '@emp/money';
import { parseOffsetDateTime } from '@emp/kernel';

export interface PcdfFields {
  /** The station's clock face in milliseconds since 1970; the format states no zone. */
  readonly begin: number;
  readonly end: number;
  readonly durationSeconds: number;
  readonly timeValid: boolean;
  readonly billingValid: boolean;
  readonly stopped: boolean;
  readonly energyKwh: Decimal;
  /** Card, its type and transaction: compared, never shown. */
  readonly session: string;
  readonly sessionCounter: bigint;
  readonly hardware: string;
  readonly key: string;
  readonly signature: string;
}

const MEMBER = /\(([A-Z]{2,3}):([^()]*)\)/g;
const MANDATORY = ['ST', 'CT', 'CD', 'TV', 'BV', 'SP', 'CSC', 'RV', 'SI', 'CS', 'HW', 'DT', 'PK', 'SG'];

/** Reads `(K:V)(K:V)…`; `undefined` when one of the fourteen is missing, doubled or not of its form. */
export function readPcdfFields(text: string): PcdfFields | undefined {
  const members = [...text.matchAll(MEMBER)];
  const fields = new Map(members.map(([, name = '', value = '']) => [name, value]));
  const whole = members.map(([member]) => member).join('') === text;
  if (!whole || fields.size !== members.length || MANDATORY.some((name) => !fields.has(name))) return undefined;
  const field = (name: string): string => fields.get(name) ?? '';
  const begin = wallMillis(field('ST'));
  const end = wallMillis(field('CT'));
  const energyKwh = energyOf(field('RV'));
  const duration = /^(\d{2})(\d{2})(\d{2})$/.exec(field('CD'));
  if (
    begin === undefined ||
    end === undefined ||
    energyKwh === undefined ||
    !duration ||
    !/^\d{1,20}$/.test(field('CSC')) ||
    !/^04[0-9a-fA-F]{128}$/.test(field('PK'))
  )
    return undefined;
  return {
    begin,
    end,
    energyKwh,
    timeValid: field('TV') === '1',
    billingValid: field('BV') === '1',
    stopped: field('SP') === '1',
    durationSeconds: Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3]),
    session: field('SI'),
    sessionCounter: BigInt(field('CSC')),
    hardware: field('HW'),
    key: field('PK'),
    signature: field('SG'),
  };
}

/** `yyMMddHHmmss`. */
function wallMillis(text: string): number | undefined {
  const [, date, time] = /^(\d{6})(\d{6})$/.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const pairs = (digits: string): readonly string[] => digits.match(/\d{2}/g) ?? [];
  const read = parseOffsetDateTime(`20${pairs(date).join('-')}T${pairs(time).join(':')}Z`);
  return read.ok ? read.value.epochMillis : undefined;
}

/** `dddd.ddd*kWh`, the energy of the session. */
function energyOf(text: string): Decimal | undefined {
  const [, digits] = /^0*(\d{1,8}\.\d{1,6})\*kWh$/.exec(text) ?? [];
  return digits === undefined ? undefined : Decimal.tryParse(digits);
}
