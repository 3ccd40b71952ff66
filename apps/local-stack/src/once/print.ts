import type { Charge, StoryResult } from './moment.ts';

/** A story as lines of text: time, service, what happened, ids; then the money with its breakdown. */
export function printStory(story: StoryResult): string {
  const service = Math.max(...story.moments.map((moment) => moment.service.length));
  const what = Math.max(...story.moments.map((moment) => moment.what.length));
  const lines = story.moments.map(
    (moment) => `  ${moment.at.slice(11, 23)}  ${moment.service.padEnd(service)}  ${moment.what.padEnd(what)}  ${idsOf(moment.ids)}`.trimEnd(),
  );
  return [`${story.name}  ${story.sessionId ?? ''}`.trimEnd(), ...lines, ...(story.charge ? priceOf(story.charge) : [])].join('\n');
}

const idsOf = (ids: Readonly<Record<string, string>>): string =>
  Object.entries(ids).map(([name, value]) => `${name}=${value}`).join(' ');

function priceOf(charge: Charge): readonly string[] {
  const lines = charge.breakdown.lines.map(
    (line) => `    ${line.component.padEnd(13)} ${line.quantity} ${line.unit} × ${line.unitPrice} ${charge.currency}/${line.priceUnit} = ${line.amount}`,
  );
  const cost = charge.cost === null ? 'unknown' : `${charge.cost.net} ${charge.cost.currency}`;
  return [
    ...lines,
    `    net ${charge.net} + ${charge.vatRatePercent} % VAT (${charge.taxCountry}) ${charge.vat} = ${charge.gross} ${charge.currency}; the operator charges us ${cost}`,
    ...charge.breakdown.notes.map((note) => `    note: ${note}`),
  ];
}
