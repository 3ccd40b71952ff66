import { granted, type Decision } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { boundingLines, pricedLine, sumOf, type PriceBreakdown, type PricedLine } from './breakdown.ts';
import { checkedSession, countedTime, parkedTime, type ChargedSession, type SessionFlaw, type Span } from './session.ts';
import { COMPONENT_TYPES, type ComponentType, type PriceComponent, type Tariff } from './tariff.ts';

/**
 * Prices a session by a tariff, net. Quantities are exact, each line is rounded once to the currency's digits (half
 * away from zero), then the bounds hold for the sum of the lines. Pure: the same arguments give the same breakdown.
 */
export function priceSession(tariff: Tariff, session: ChargedSession): Decision<PriceBreakdown, SessionFlaw> {
  const checked = checkedSession(session);
  if (!checked.ok) return checked;
  const { currency } = tariff;
  if (isTooSmall(tariff, session)) {
    const note = `${session.energyKwh} kWh are less than ${tariff.freeBelowWh} Wh: the session is free`;
    return granted({ currency, lines: [], net: Decimal.zero.round(currency.digits), notes: [note] });
  }
  const lines = linesOf(tariff, session);
  const bounded = [...lines, ...boundingLines(currency, sumOf(lines, currency), tariff)];
  return granted({ currency, lines: bounded, net: sumOf(bounded, currency), notes: gaps(tariff) });
}

function isTooSmall(tariff: Tariff, session: ChargedSession): boolean {
  return session.energyKwh.times(Decimal.of(1000)).isLessThan(Decimal.of(tariff.freeBelowWh));
}

function linesOf(tariff: Tariff, session: ChargedSession): readonly PricedLine[] {
  const time = countedTime(session, tariff.timeCounts);
  const parking = parkedTime(session, tariff.parkingGraceSeconds);
  const parkingIsPriced = componentOf(tariff, 'PARKING_TIME') !== undefined && !parking.seconds.isZero();
  return COMPONENT_TYPES.flatMap((type) => {
    const component = componentOf(tariff, type);
    if (!component) return [];
    switch (type) {
      case 'ENERGY': return energyLine(tariff, component, session);
      // OCPI takes the step of the last of the two times only, and parking comes last.
      case 'TIME': return timeLine(tariff, component, time, parkingIsPriced ? 0 : component.stepSize);
      case 'PARKING_TIME': return timeLine(tariff, component, parking, component.stepSize);
      case 'FLAT': return pricedLine(tariff.currency, {
        component: 'FLAT', quantity: Decimal.one, unit: 'session', unitPrice: component.price, priceUnit: 'session',
        from: null, to: null,
      });
    }
  });
}

/** The first element that has the dimension; with restrictions: the first that also matches the segment. */
function componentOf(tariff: Tariff, type: ComponentType): PriceComponent | undefined {
  return tariff.elements.flatMap((element) => element.components).find((component) => component.type === type);
}

function energyLine(tariff: Tariff, { price, stepSize }: PriceComponent, session: ChargedSession): PricedLine {
  const wattHours = steppedUp(session.energyKwh.times(Decimal.of(1000)), stepSize);
  const quantity = wattHours === 'exact' ? session.energyKwh : wattHours.times(Decimal.parse('0.001'));
  return pricedLine(tariff.currency, {
    component: 'ENERGY', quantity, measured: session.energyKwh, unit: 'kWh', unitPrice: price, priceUnit: 'kWh',
    from: session.sessionStart.text, to: session.sessionEnd.text, notes: stepNotes(wattHours, stepSize, 'Wh'),
  });
}

function timeLine(tariff: Tariff, component: PriceComponent, time: Span, stepSize: number): readonly PricedLine[] {
  if (time.seconds.isZero() && time.notes.length === 0) return [];
  const seconds = steppedUp(time.seconds, stepSize);
  return [pricedLine(tariff.currency, {
    component: component.type, quantity: seconds === 'exact' ? time.seconds : seconds, measured: time.seconds, unit: 's',
    unitPrice: component.price, priceUnit: 'h', from: time.from.text, to: time.to.text,
    notes: [...time.notes, ...stepNotes(seconds, stepSize, 's')],
  })];
}

/** Up to the next whole step; what already is a whole number of steps stays `exact`, as does everything at step 0. */
function steppedUp(quantity: Decimal, stepSize: number): Decimal | 'exact' {
  if (stepSize === 0) return 'exact';
  const step = Decimal.of(stepSize);
  const stepped = quantity.dividedBy(step, 0, 'ceiling').times(step);
  return stepped.equals(quantity) ? 'exact' : stepped;
}

const stepNotes = (stepped: Decimal | 'exact', stepSize: number, unit: string): string[] =>
  stepped === 'exact' ? [] : [`rounded up to whole steps of ${stepSize} ${unit}`];

function gaps(tariff: Tariff): readonly string[] {
  return componentOf(tariff, 'ENERGY') || componentOf(tariff, 'TIME') || componentOf(tariff, 'FLAT')
    ? [] : ['the tariff prices neither energy nor time nor the session: charging is free'];
}
