import type { Figures } from './figures.ts';

const money = (amounts: Readonly<Record<string, string>>): string =>
  Object.entries(amounts).map(([currency, amount]) => `${amount} ${currency}`).join(' + ') || '–';

const counts = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of).filter(([, count]) => count > 0).sort().map(([name, count]) => `${name} ${count}`).join('  ') || '–';

/** The refreshing table of a terminal: a label and what it is, a line each. */
export function summaryTable(figures: Figures): string {
  const { gateway, cdrs, billing, poi, lag } = figures;
  const rows: readonly (readonly [string, string])[] = [
    ['card taps by answer', counts(gateway.authorizations)],
    ['sessions by state', counts(gateway.sessions)],
    ['records', `received ${cdrs.received}  accepted ${cdrs.accepted}  quarantined ${cdrs.quarantined}  conflicts ${cdrs.conflicts}`],
    ['energy', `${cdrs.energyKwh} kWh`],
    ['charges', `rated ${billing.charges}  waiting ${billing.waiting}`],
    ['revenue (net)', money(billing.revenue)],
    ['cost (net)', money(billing.cost)],
    ['margin (net)', money(billing.margin)],
    ['events under way', `outbox ${gateway.outbox.pending}  log ${lag}`],
    ['network', `${poi.evses} EVSEs`],
  ];
  return rows.map(([label, value]) => `  ${label.padEnd(20)} ${value}`).join('\n');
}

/** The same in one line, for logs. */
export function summaryLine(figures: Figures): string {
  const { gateway, cdrs, billing, lag } = figures;
  return [
    `taps ${counts(gateway.authorizations)}`,
    `sessions ${counts(gateway.sessions)}`,
    `records ${cdrs.received}/${cdrs.accepted}/${cdrs.quarantined} (received/accepted/quarantined)`,
    `${cdrs.energyKwh} kWh`,
    `revenue ${money(billing.revenue)}`,
    `cost ${money(billing.cost)}`,
    `margin ${money(billing.margin)}`,
    `lag ${lag}`,
  ].join(' | ');
}
