import type { Row } from './comparison/compare.ts';
import type { ChaosOptions } from './options.ts';
import type { ChaosResult } from './run-chaos.ts';
import type { Fault } from './schedule/faults.ts';

const NAMED_AT_MOST = 20;

/** A line per fault of a schedule. */
export const describeFault = ({ atSession, kind, target, ms }: Fault): string =>
  `session ${String(atSession).padStart(6)}  ${kind.padEnd(16)} ${target}${ms > 0 ? `, ${ms} ms` : ''}`;

/** What was done, what became of it, and what is wrong by SessionID. */
export function report(options: ChaosOptions, result: ChaosResult): string {
  const { verdict } = result;
  return [
    `${result.begun} of ${options.sessions} sessions in ${seconds(result.drivenMs)}, ` +
      `drained in ${seconds(result.drainedMs)}, broker ${options.broker}, seed ${options.seed}`,
    '',
    ...faultTable(result),
    '',
    ...table([
      ['', 'acknowledged', 'stored', 'rated', 'published', 'missing', 'doubled', 'out of order by key'],
      ...verdict.rows.map((row) => [
        row.what,
        row.acknowledged,
        row.stored,
        row.rated ?? '–',
        row.published,
        row.missing.length,
        row.doubled.length,
        row.outOfOrder.length,
      ]),
    ]),
    '',
    `events published again after a crash: ${verdict.publishedAgain}; ` +
      `messages never acknowledged: ${result.unacknowledged}`,
    ...(verdict.rows.some(({ what, acknowledged }) => what === 'records' && acknowledged > 0) ? [] : ['no record was acknowledged: nothing is proven']),
    ...(result.drained === 'drained' ? [] : [`not drained: ${result.drained}`]),
    `longest away: ${[...result.longestOutages].map(([name, ms]) => `${name} ${seconds(ms)}`).join(', ')}`,
    ...ownEnds(result),
    ...verdict.rows.flatMap(defectsOf),
    ...named('invented', verdict.invented),
    result.good
      ? 'nothing missing, nothing doubled'
      : `SOMETHING IS WRONG; data and logs stay in ${result.directory}`,
  ].join('\n');
}

function faultTable({ injected, deliveries }: ChaosResult): readonly string[] {
  const kinds = [...new Set(injected.map(({ fault }) => fault.kind))].sort();
  const count = (kind: string, outcome: string): number =>
    injected.filter((each) => each.fault.kind === kind && each.outcome === outcome).length;
  return table([
    ['fault', 'injected', 'without effect'],
    ...kinds.map((kind) => [kind, count(kind, 'effect'), count(kind, 'none')]),
    [
      'all of these',
      injected.filter(({ outcome }) => outcome === 'effect').length,
      injected.filter(({ outcome }) => outcome === 'none').length,
    ],
    ...[...deliveries].sort(([one], [other]) => one.localeCompare(other)).map(([what, times]) => [what, times, '']),
  ]);
}

/** Services that ended by themselves while they served, by reason. */
function ownEnds({ ownEnds: ends }: ChaosResult): readonly string[] {
  const counts = new Map<string, number>();
  for (const end of ends) counts.set(end.split('\n')[0] ?? '', (counts.get(end.split('\n')[0] ?? '') ?? 0) + 1);
  return [...counts].map(([end, times]) => `started again: ${times} × ${end.slice(0, 200)}`);
}

function defectsOf({ what, missing, doubled, outOfOrder }: Row): readonly string[] {
  return [
    ...named(
      `${what}, missing`,
      missing.map(({ sessionId, where }) => `${sessionId} (${where.join(', ')})`),
    ),
    ...named(
      `${what}, doubled`,
      doubled.map(({ sessionId, where }) => `${sessionId} (${where.join(', ')})`),
    ),
    ...named(`${what}, out of order`, outOfOrder),
  ];
}

function named(what: string, sessions: readonly string[]): readonly string[] {
  if (sessions.length === 0) return [];
  const more = sessions.length > NAMED_AT_MOST ? [`  … and ${sessions.length - NAMED_AT_MOST} more`] : [];
  return [`${what}:`, ...sessions.slice(0, NAMED_AT_MOST).map((each) => `  ${each}`), ...more];
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function table(rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
