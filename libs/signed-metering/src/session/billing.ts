import { billingFinding, type MeteringFinding } from '../finding.ts';
import type { MeterReading } from '../reading.ts';
import type { Question, SessionQuestions } from '../verdict.ts';
import type { RegisterPair } from './pair-registers.ts';
import type { SessionRecord } from './timeline.ts';

type Billing = SessionQuestions['billing'];

/** What the meter says about billing the two readings that make the session, and about what happened between them. */
export function billingFindings(
  records: readonly SessionRecord[],
  pair: RegisterPair | undefined,
): readonly MeteringFinding[] {
  const readings = records.flatMap((entry) => entry.readings);
  const used = pair === undefined ? readings : [pair.begin, pair.end];
  const logbooks = new Set(records.flatMap(({ record }) => record.logbook));
  const changed =
    logbooks.size > 1
      ? [
          billingFinding(
            'logbook-changed',
            'error',
            'energy',
            'the meter counted an event during the session, such as a clock that was set',
          ),
        ]
      : [];
  return [
    ...records.flatMap(({ record }) => record.findings.filter(({ question }) => question === 'billing')),
    ...changed,
    ...used.flatMap((reading) => reading.findings),
    ...readings.filter((reading) => !used.includes(reading)).flatMap(betweenFindings),
  ];
}

/**
 * An error during the session counts wherever it was noted; other flags of readings that are not billed are only notes.
 */
const betweenFindings = (reading: MeterReading): readonly MeteringFinding[] =>
  reading.findings.map((finding) =>
    finding.code === 'error-during-session' ? finding : { ...finding, severity: 'note' },
  );

export function billingQuestions(findings: readonly MeteringFinding[], pair: RegisterPair | undefined): Billing {
  const against = (affects: MeteringFinding['affects']): readonly MeteringFinding[] =>
    findings.filter(
      (finding) => finding.question === 'billing' && finding.severity === 'error' && finding.affects === affects,
    );
  const [energy] = against('energy');
  const [time] = against('time');
  const [duration] = against('time').filter(({ code }) => code !== 'clock-not-set');
  if (pair === undefined) return { energy: OPEN, duration: OPEN, time: OPEN };
  return {
    energy: energy
      ? no(energy.message)
      : pair.energyKwh.isNegative()
        ? no('the register ran backwards')
        : yes('the meter reports good readings'),
    duration: duration ? no(duration.message) : durationQuestion(pair),
    time: time ? no(time.message) : timeQuestion(pair),
  };
}

const yes = (why: string): Question => ({ answer: 'yes', why });
const no = (why: string): Question => ({ answer: 'no', why });
const unknown = (why: string): Question => ({ answer: 'unknown', why });
const OPEN = unknown('the readings at begin and end are not both there');
const UNSTATED = unknown('the format does not say how far its clock may be trusted');

/** Times of day may be billed when the clock was synchronised at both ends. */
function timeQuestion({ begin, end }: RegisterPair): Question {
  const qualities = [begin.time?.quality, end.time?.quality];
  if (qualities.every((quality) => quality === 'synchronised')) return yes('the clock was synchronised');
  return qualities.every((quality) => quality === 'unstated')
    ? UNSTATED
    : no('the clock was not synchronised at both ends');
}

/**
 * A duration may be billed when the end is measured from the begin, or both are synchronised. A relative begin needs a
 * relative end.
 */
function durationQuestion({ begin, end }: RegisterPair): Question {
  const [from, to] = [begin.time?.quality, end.time?.quality];
  if (to === 'relative') return yes('the end is measured from the begin');
  if (from === 'synchronised' && to === 'synchronised') return yes('the clock was synchronised');
  return from === 'unstated' && to === 'unstated' ? UNSTATED : no('the clock vouches for no duration');
}
