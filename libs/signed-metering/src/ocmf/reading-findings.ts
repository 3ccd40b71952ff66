import { billingFinding, quoted, type MeteringFinding } from '../finding.ts';

/** `ST`: only `G` is a good reading (OCMF table "meter status"). */
const STATES: ReadonlyMap<string, string> = new Map([
  ['N', 'the meter is not present'],
  ['T', 'the meter did not answer in time'],
  ['D', 'the meter is disconnected'],
  ['R', 'the meter was removed'],
  ['M', 'the meter was manipulated'],
  ['X', 'the meter was exchanged'],
  ['I', 'the meter is incompatible'],
  ['O', 'the value is out of range'],
  ['S', 'the value is a substitute'],
  ['E', 'the meter reports an error'],
  ['F', 'the meter could not be read'],
]);

export function stateFindings(state: string | undefined, mandatory: boolean): readonly MeteringFinding[] {
  if (state === 'G' || (state === undefined && !mandatory)) return [];
  if (state === undefined)
    return [
      billingFinding('meter-state-missing', 'error', 'energy', "the reading does not state the meter's condition"),
    ];
  const code = state === 'S' ? 'substitute-value' : 'meter-state';
  return [
    billingFinding(
      code,
      'error',
      'energy',
      STATES.get(state) ?? `the meter is in the unknown state ${quoted(state, 4)}`,
    ),
  ];
}

/** `EF`: what the meter itself says may not be billed. */
export function errorFlagFindings(flags: string | undefined): readonly MeteringFinding[] {
  return [
    ...(flags?.includes('E')
      ? [billingFinding('energy-flagged', 'error', 'energy', 'the meter marks the energy as unusable')]
      : []),
    ...(flags?.includes('t')
      ? [billingFinding('time-flagged', 'error', 'time', 'the meter marks the time as unusable')]
      : []),
  ];
}

/** `TX` = `X`: charging went on after an error; from here on energy, time or both are unusable, as `EF` says. */
export function exceptionFindings(
  transaction: string | undefined,
  flags: string | undefined,
): readonly MeteringFinding[] {
  if (transaction !== 'X') return [];
  const spared = flags !== undefined && !flags.includes('E');
  return [
    billingFinding(
      'error-during-session',
      spared ? 'warning' : 'error',
      spared ? 'time' : 'energy',
      'the meter reported an error during the session',
    ),
  ];
}

/** `CL`: losses already deducted; counts from zero at the begin of a session. */
export function lossFindings(loss: string | undefined, transaction: string | undefined): readonly MeteringFinding[] {
  if (loss === undefined) return [];
  const wrong = loss.startsWith('-') || (transaction === 'B' && /[1-9]/.test(loss.replace(/e.*$/i, '')));
  return wrong
    ? [
        billingFinding(
          'loss-counter',
          'warning',
          'energy',
          'the counter of deducted cable losses does not start at zero',
        ),
      ]
    : [];
}
