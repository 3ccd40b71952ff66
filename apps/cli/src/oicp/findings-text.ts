import type { Finding } from '@emp/oicp';
import { count, printable, table, type Ink } from '../command-line/text.ts';

/** So many are shown unless `--all` is given; a page of records may have thousands. */
export const SHOWN_FINDINGS = 40;

const ORDER = { error: 0, warning: 1, note: 2 } as const;

/** Findings for a person: severity, pointer, code, message, erratum; the gravest first, else in their order. */
export function findingsText(
  findings: readonly Finding[],
  { most, ink }: { readonly most: number; readonly ink: Ink },
): string {
  const sorted = [...findings].sort((one, other) => ORDER[one.severity] - ORDER[other.severity]);
  const shown = sorted.slice(0, most);
  const rows = shown.map(({ severity, pointer, code, message, erratum }) => [
    paint(severity, ink),
    printable(pointer) || '(document)',
    code,
    `${printable(message)}${erratum === undefined ? '' : ink.dim(` [${erratum}]`)}`,
  ]);
  return table(rows, { indent: '  ' }) + leftOut(sorted.slice(most));
}

/** `2 errors, 1 warning`, or `nothing`. */
export function findingsCount(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'note'] as const)
    .map((severity) => [findings.filter((each) => each.severity === severity).length, severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => count(number, severity));
  return counts.join(', ') || 'nothing to object to';
}

export const paint = (severity: Finding['severity'], { red, yellow, dim }: Ink): string =>
  ({ error: red, warning: yellow, note: dim })[severity](severity);

function leftOut(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const byCode = new Map<string, number>();
  for (const { code } of findings) byCode.set(code, (byCode.get(code) ?? 0) + 1);
  const most = [...byCode]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 8)
    .map(([code, number]) => `${number} ${code}`);
  const others = byCode.size > most.length ? ', …' : '';
  return `  … and ${findings.length} more (--all shows them): ${most.join(', ')}${others}\n`;
}
