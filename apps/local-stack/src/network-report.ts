import type { NetworkSummary } from './seed.ts';

/** How many EVSEs came, what was noticed about them, and which came twice. */
export function describeNetwork(network: NetworkSummary): string {
  const findings = Object.entries(network.findings).sort(([, one], [, other]) => other - one);
  const width = Math.max(0, ...findings.map(([code]) => code.length));
  return [
    `    ${network.evses} EVSEs stored`,
    ...network.duplicates.map((duplicate) => `    came twice, the first is kept: ${nameOf(duplicate)}`),
    ...findings.map(([code, count]) => `    ${code.padEnd(width)}  ${count}`),
  ].join('\n');
}

function nameOf(duplicate: unknown): string {
  if (typeof duplicate !== 'object' || duplicate === null) return String(duplicate);
  return Object.entries(duplicate).map(([member, value]) => `${member} ${Array.isArray(value) ? value.join(', ') : String(value)}`).join('; ');
}
