/**
 * The four questions that are kept apart: did this key sign these bytes; is it this station's key; is a record of the
 * session missing; may this reading be billed.
 */
export type Question = 'integrity' | 'origin' | 'completeness' | 'billing';

/** Something a person may want to know. `error` decides its question against the value, `warning` and `note` do not. */
export interface MeteringFinding {
  readonly question: Question;
  /** Stable slug: dashboards and tests name it. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  /** One sentence without card numbers or contract ids. */
  readonly message: string;
  /** For billing: what may not be used. */
  readonly affects?: 'energy' | 'time' | 'user';
}

type Severity = MeteringFinding['severity'];

export const integrityFinding = (code: string, severity: Severity, message: string): MeteringFinding => ({
  question: 'integrity',
  code,
  severity,
  message,
});

export const completenessFinding = (code: string, severity: Severity, message: string): MeteringFinding => ({
  question: 'completeness',
  code,
  severity,
  message,
});

export const originFinding = (code: string, severity: Severity, message: string): MeteringFinding => ({
  question: 'origin',
  code,
  severity,
  message,
});

export function billingFinding(
  code: string,
  severity: Severity,
  affects: NonNullable<MeteringFinding['affects']>,
  message: string,
): MeteringFinding {
  return { question: 'billing', code, severity, affects, message };
}

/** Text from outside for a message: printable ASCII, short. */
export const quoted = (text: string, longest = 40): string =>
  `"${text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, longest)}${text.length > longest ? '…' : ''}"`;

/** Each finding once, in order of appearance. */
export const unique = (findings: readonly MeteringFinding[]): readonly MeteringFinding[] =>
  findings.filter(
    (finding, index) =>
      findings.findIndex(
        ({ code, message, severity }) =>
          code === finding.code && message === finding.message && severity === finding.severity,
      ) === index,
  );
