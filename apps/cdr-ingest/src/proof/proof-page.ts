import type { Difference, ProofTotals } from '../domain/proof.ts';
import type { ShownProof } from './proof-desk.ts';

const FIGURES: readonly (readonly [title: string, figure: (totals: ProofTotals) => number | string])[] = [
  ['Sessions', ({ sessions }) => sessions], ['Authorized', ({ authorized }) => authorized],
  ['Pushed', ({ pushed }) => pushed], ['Pulled', ({ pulled }) => pulled], ['Only pulled', (totals) => totals.pulledNeverPushed],
  ['Stored', ({ stored }) => stored], ['Accepted', ({ accepted }) => accepted], ['Quarantined', ({ quarantined }) => quarantined],
  ['Rejected', ({ rejected }) => rejected], ['With conflict', ({ conflicted }) => conflicted], ['Billed', ({ billed }) => billed],
  ['Accepted kWh', ({ acceptedKwh }) => acceptedKwh], ['Billed kWh', ({ billedKwh }) => billedKwh],
];

const STATES: Readonly<Record<keyof ProofTotals['states'], string>> = {
  'without-record': 'authorized, no record has come', 'quarantined': 'record in quarantine', 'rejected': 'record rejected',
  'accepted-not-billed': 'record accepted, not billed', 'billed': 'record accepted and billed',
  'billed-not-accepted': 'billed although the record is not accepted', 'billed-without-record': 'billed without a record',
  'nothing': 'charge taken back, nothing else known',
};

const REASONS: Readonly<Record<Difference, string>> = {
  'authorized-without-record': 'authorized without record', 'record-without-session': 'record without session',
  'quarantined': 'in quarantine', 'conflict': 'another content came, too', 'accepted-not-billed': 'accepted, not billed',
  'billed-without-record': 'billed without record', 'billed-not-accepted': 'billed, not accepted',
  'billed-other-energy': 'billed with another energy', 'pulled-never-pushed': 'pulled, never pushed',
};

/** A text that comes from elsewhere as text of the page: it never becomes markup. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A moment as the clock on the wall of that zone shows it. */
const clockFace = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));

const cell = (value: number | string): string => `<td class="number">${escaped(String(value))}</td>`;
const text = (value: string | null): string => `<td>${escaped(value ?? '(unknown)')}</td>`;
const row = (cells: readonly string[]): string => `<tr>${cells.join('')}</tr>`;
const head = (titles: readonly string[]): string => `<thead><tr>${titles.map((title) => `<th scope="col">${escaped(title)}</th>`).join('')}</tr></thead>`;
const figures = (totals: ProofTotals): readonly string[] => FIGURES.map(([, figure]) => cell(figure(totals)));
const reasonsText = (reasons: readonly Difference[]): string => `<td>${reasons.map((reason) => escaped(REASONS[reason])).join('; ')}</td>`;

/** The proof as a page for a person, complete in itself, to be read on a screen or on paper. */
export function proofPage(shown: ShownProof): string {
  const { day, zone, from, to, takenAt, providerId, operatorId, proof, closed } = shown;
  const selection = [providerId, operatorId].filter((one) => one !== null).map((one) => escaped(one)).join(', ');
  const title = `Charge detail records of ${escaped(day)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head><body>
<h1>${title}</h1>
<p>From ${clockFace(from, zone)} to ${clockFace(to, zone)}, clocks of ${escaped(zone)}. Taken ${clockFace(takenAt, zone)}.${selection ? ` Only ${selection}.` : ''}
${closed ? `Closed ${clockFace(closed.at, zone)}.` : 'The day is open: figures may still change.'}</p>
<h2>By operator</h2>
<div class="wide"><table class="figures">${head(['Provider', 'Operator', ...FIGURES.map(([name]) => name)])}
<tbody>${proof.operators.map((one) => row([text(one.providerId), text(one.operatorId), ...figures(one.totals)])).join('\n')}</tbody>
<tfoot>${row(['<th scope="row" colspan="2">Total</th>', ...figures(proof.totals)])}</tfoot></table></div>
<h2>Where the sessions stand</h2>
<table class="narrow">${head(['State', 'Sessions'])}
<tbody>${Object.entries(STATES).map(([state, name]) => row([text(name), cell(proof.totals.states[state as keyof ProofTotals['states']])])).join('\n')}</tbody>
<tfoot>${row(['<th scope="row">Total</th>', cell(proof.totals.sessions)])}</tfoot></table>
<p class="note">Stored = accepted + quarantined + rejected. A session counts on the day of its authorization, or else of its beginning.</p>
${differencesOf(shown)}${closed ? changesOf(closed) : ''}</body></html>
`;
}

function differencesOf({ proof: { differences, reasons, notListed } }: ShownProof): string {
  if (differences.length === 0) return '<h2>Differences</h2>\n<p>None.</p>\n';
  const counts = Object.entries(reasons).map(([reason, times]) => row([text(REASONS[reason as Difference]), cell(times)]));
  const lines = differences.map(({ sessionId, providerId, operatorId, reasons: own }) =>
    row([`<td class="id">${escaped(sessionId)}</td>`, text(providerId), text(operatorId), reasonsText(own)]));
  return `<h2>Differences</h2>
<table class="narrow">${head(['Reason', 'Sessions'])}<tbody>${counts.join('\n')}</tbody></table>
<table>${head(['Session', 'Provider', 'Operator', 'Reason'])}<tbody>${lines.join('\n')}</tbody></table>
${notListed > 0 ? `<p>${notListed} more sessions differ; choose an operator to see them.</p>` : ''}
`;
}

function changesOf(closed: NonNullable<ShownProof['closed']>): string {
  const { figures: changed, added, settled } = closed;
  if (changed.length + added.length + settled.length === 0) return '<h2>Since the day was closed</h2>\n<p>Nothing has changed.</p>\n';
  const sessions = [...added.map((one) => ({ ...one, what: 'new' })), ...settled.map((one) => ({ ...one, what: 'settled' }))];
  return `<h2>Since the day was closed</h2>
<table>${head(['Provider', 'Operator', 'Figure', 'Was', 'Is'])}<tbody>${changed.map((one) =>
    row([text(one.providerId), text(one.operatorId), text(one.figure), cell(one.was), cell(one.is)])).join('\n')}</tbody></table>
<table>${head(['Session', 'Operator', 'Difference', ''])}<tbody>${sessions.map((one) =>
    row([`<td class="id">${escaped(one.sessionId)}</td>`, text(one.operatorId), reasonsText(one.reasons), text(one.what)])).join('\n')}</tbody></table>
`;
}

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;margin:2rem auto;max-width:78rem;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.25rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;margin:.75rem 0;font-variant-numeric:tabular-nums}table.narrow{width:auto;min-width:24rem}
th,td{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #d5d5d5;vertical-align:top}thead th{border-bottom:2px solid #555}
tfoot th,tfoot td{font-weight:600;border-top:2px solid #555;border-bottom:0}td.number,.figures th:nth-child(n+3){text-align:right}.wide{overflow-x:auto}
td.id{font-family:ui-monospace,monospace;font-size:.85em}.note{color:#555}
@media print{body{margin:0;max-width:none;font-size:9pt}thead{display:table-header-group}tr{break-inside:avoid}.wide{overflow:visible}h2{break-after:avoid}
@page{size:A4 landscape;margin:12mm}}`;
