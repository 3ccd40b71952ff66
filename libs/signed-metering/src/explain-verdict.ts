import type { MeterTime } from './meter-time.ts';
import type { Question, SessionVerdict } from './verdict.ts';

const HEADLINES: Readonly<Record<SessionVerdict['verdict'], string>> = {
  valid: "The meter's signed values prove this session.",
  invalid: 'The signed meter values of this session are not genuine, or do not belong together.',
  unverifiable: 'The signed meter values of this session could not be verified.',
  absent: 'The charging station delivered no signed meter values for this session.',
};

/** Explains a verdict to the driver who asks what was checked: plain sentences, no card numbers, at most a page. */
export function explainVerdict(verdict: SessionVerdict): string {
  if (verdict.verdict === 'absent') return HEADLINES.absent;
  const { integrity, origin, completeness, billing } = verdict.questions;
  const serious = verdict.findings.filter(({ severity }) => severity !== 'note');
  return [
    HEADLINES[verdict.verdict],
    ...(verdict.verdict === 'valid' ? [] : [`Reason: ${verdict.why}.`]),
    '',
    ...measured(verdict),
    ...signers(verdict),
    '',
    answer('Were the values changed after the meter signed them?', integrity, {
      yes: 'No',
      no: 'Yes, or somebody else signed them',
      unknown: 'Unknown',
    }),
    answer("Did this station's meter sign them?", origin),
    answer('Are all records of the session there?', completeness),
    answer('May the energy be billed?', billing.energy),
    answer('May the duration be billed?', billing.duration),
    answer('May the time of day be billed?', billing.time),
    ...(serious.length === 0 ? [] : ['', 'What was noticed:', ...serious.map(({ message }) => `- ${message}`)]),
    '',
    'You can check the values yourself with the transparency software of S.A.F.E. e.V. and the key on the station.',
  ].join('\n');
}

type Words = Readonly<Record<Question['answer'], string>>;

const answer = (
  question: string,
  { answer: given, why }: Question,
  words: Words = { yes: 'Yes', no: 'No', unknown: 'Unknown' },
): string => `${question} ${words[given]}: ${why}.`;

function measured({ verdict, energyKwh, register, begin, end }: SessionVerdict): readonly string[] {
  const times = [...timeLine('Begin', begin), ...timeLine('End', end)];
  if (energyKwh === undefined) return times;
  const proven = verdict === 'valid' ? 'Signed energy' : 'Energy as stated, not proven';
  return [`${proven}: ${energyKwh} kWh${register ? ` (register ${register})` : ''}.`, ...times];
}

const timeLine = (name: string, time: MeterTime | undefined): readonly string[] =>
  time ? [`${name}: ${time.text}.`] : [];

function signers({ values }: SessionVerdict): readonly string[] {
  const formats = [...new Set(values.map(({ formatName }) => formatName))];
  const meters = [...new Set(values.map(({ meterId }) => meterId).filter((id) => id !== undefined))];
  const keys = [
    ...new Set(
      values
        .map(({ key }) => key && `${key.fingerprint.slice(0, 16)}… (${key.curve})`)
        .filter((key) => key !== undefined),
    ),
  ];
  return [
    `Format: ${formats.join(', ')}, ${values.length} value(s).`,
    ...(meters.length === 0 ? [] : [`Meter: ${meters.join(', ')}.`]),
    ...(keys.length === 0 ? [] : [`Key (SHA-256): ${keys.join(', ')}.`]),
  ];
}
