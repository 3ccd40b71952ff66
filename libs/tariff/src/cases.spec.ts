import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseOffsetDateTime } from '@emp/kernel';
import { Decimal, Money, vatOf } from '@emp/money';
import type { PriceBreakdown } from './breakdown.ts';
import { costOfSession } from './cost-of-session.ts';
import type { OperatorPrice } from './operator-price.ts';
import { priceSession } from './price-session.ts';
import { readTariff } from './read-tariff.ts';
import type { ChargedSession } from './session.ts';
import { tariffDocument } from './tariff-document.ts';
import type { TimeCounts } from './tariff.ts';

/** Every folder of `cases/` is a test: a tariff (ours) or prices (an operator's), a session, the expected breakdown. */
const casesDirectory = fileURLToPath(new URL('../cases/', import.meta.url));

interface Expected {
  readonly about: string;
  readonly net: string;
  readonly lines: readonly { component: string; quantity: string; exactAmount: string; amount: string }[];
  readonly vat?: { readonly ratePercent: string; readonly vat: string; readonly gross: string };
  readonly notes?: readonly string[];
  readonly chosenBy?: string;
}

interface SessionFile {
  readonly sessionStart: string;
  readonly sessionEnd: string;
  readonly chargingStart: string | null;
  readonly chargingEnd: string | null;
  readonly energyKwh: string;
  readonly question?: { providerId: string; partnerProductId: string | null; maximumPowerKw: string | null };
  readonly timeCounts?: TimeCounts;
}

const read = <T>(name: string, file: string): T => JSON.parse(readFileSync(path.join(casesDirectory, name, file), 'utf8')) as T;

function valueOf<T>(decision: { ok: true; value: T } | { ok: false; refusal: { reason: string; detail: string } }): T {
  if (decision.ok) return decision.value;
  throw new Error(`${decision.refusal.reason}: ${decision.refusal.detail}`);
}

function sessionOf(file: SessionFile): ChargedSession {
  const instant = (text: string | null) => (text === null ? null : valueOf(parseOffsetDateTime(text)));
  return {
    sessionStart: valueOf(parseOffsetDateTime(file.sessionStart)), sessionEnd: valueOf(parseOffsetDateTime(file.sessionEnd)),
    chargingStart: instant(file.chargingStart), chargingEnd: instant(file.chargingEnd), energyKwh: Decimal.parse(file.energyKwh),
  };
}

function sold(name: string): PriceBreakdown {
  const reading = readTariff(read(name, 'tariff.json'));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  const again = readTariff(JSON.parse(JSON.stringify(tariffDocument(reading.tariff))));
  expect(again).toMatchObject({ ok: true });
  return valueOf(priceSession(reading.tariff, sessionOf(read(name, 'session.json'))));
}

function bought(name: string): PriceBreakdown {
  const file = read<SessionFile>(name, 'session.json');
  const decimal = (text: string | null) => (text === null ? null : Decimal.parse(text));
  const prices = read<readonly Record<string, never>[]>(name, 'prices.json').map((price): OperatorPrice => ({
    ...(price as unknown as OperatorPrice), pricePerReferenceUnit: Decimal.parse(price['pricePerReferenceUnit'] ?? ''),
    maximumPowerKw: decimal(price['maximumPowerKw'] ?? null),
    additionalReferences: (price['additionalReferences'] as unknown as { reference: string; unit: string; price: string }[])
      .map((fee) => ({ ...fee, price: Decimal.parse(fee.price) })),
  }));
  const question = file.question ?? { providerId: 'DE-EMP', partnerProductId: null, maximumPowerKw: null };
  return valueOf(costOfSession(prices, sessionOf(file), { ...question, maximumPowerKw: decimal(question.maximumPowerKw) }, file.timeCounts));
}

describe('pricing cases', () => {
  it.each(readdirSync(casesDirectory).sort())('%s', (name) => {
    const expected = read<Expected>(name, 'expected.json');
    const breakdown = existsSync(path.join(casesDirectory, name, 'tariff.json')) ? sold(name) : bought(name);
    const written = JSON.parse(JSON.stringify(breakdown)) as Expected;
    const lines = written.lines.map(({ component, quantity, exactAmount, amount }) => ({ component, quantity, exactAmount, amount }));
    expect({ net: written.net, lines }).toEqual({ net: expected.net, lines: expected.lines });
    expect(written).toMatchObject({
      ...(expected.notes ? { notes: expected.notes } : {}), ...(expected.chosenBy ? { chosenBy: expected.chosenBy } : {}),
    });
    if (!expected.vat) return;
    const net = new Money(breakdown.net, breakdown.currency);
    const vat = vatOf(net, Decimal.parse(expected.vat.ratePercent));
    expect({ vat: vat.amount.toString(), gross: net.plus(vat).amount.toString() })
      .toEqual({ vat: expected.vat.vat, gross: expected.vat.gross });
  });
});
