import type {
  FileSession, MeteringFinding, MeterReading, Question, SessionVerdict, SignedValueVerdict,
} from '@emp/signed-metering';
import { count, facts, printable, table, type Ink } from '../command-line/text.ts';

/** A verdict for a person: what was signed, the questions apart, every value with what was checked. */
export function sessionText(
  { file, transactionId, verdict }: FileSession & { readonly file: string },
  ink: Ink,
): string {
  const { questions, values, findings, energyKwh, register, begin, end } = verdict;
  const where = transactionId === undefined ? file : `${file}, transaction ${transactionId}`;
  const serious = findings.filter(({ severity }) => severity !== 'note');
  return [
    `${ink.bold(printable(where))}: ${paint(verdict.verdict, ink)}`,
    `${verdict.verdict === 'valid' ? '' : `, ${printable(verdict.why)} (${verdict.code})`}\n`,
    facts([
      [
        verdict.verdict === 'valid' ? 'signed energy' : 'stated energy',
        energyKwh && `${energyKwh.toString()} kWh${register ? ` in register ${printable(register)}` : ''}`,
      ],
      ['begin', begin && printable(begin.text)],
      ['end', end && printable(end.text)],
    ]),
    ...(values.length === 0
      ? []
      : [
          table(
            [
              questionRow('bytes as they were signed', questions.integrity),
              questionRow("by this station's key", questions.origin),
              questionRow('records complete', questions.completeness),
              questionRow('energy may be billed', questions.billing.energy),
              questionRow('duration may be billed', questions.billing.duration),
              questionRow('time of day may be billed', questions.billing.time),
            ],
            { indent: '  ' },
          ),
        ]),
    ...values.map((value, index) => valueText(value, `value ${index + 1} of ${values.length}`)),
    ...(serious.length === 0
      ? []
      : [
          `  ${count(serious.length, 'finding')}\n`,
          table(
            serious.map((finding) => findingRow(finding, ink)),
            { indent: '    ' },
          ),
        ]),
  ].join('');
}

const paint = (verdict: SessionVerdict['verdict'], { green, red, yellow }: Ink): string =>
  (verdict === 'valid' ? green : verdict === 'invalid' ? red : yellow)(verdict);

const questionRow = (name: string, { answer, why }: Question): readonly string[] => [name, answer, printable(why)];

const findingRow = (
  { severity, question, code, message }: MeteringFinding,
  { red, yellow }: Ink,
): readonly string[] => [(severity === 'error' ? red : yellow)(severity), question, code, printable(message)];

function valueText(value: SignedValueVerdict, title: string): string {
  const { key, curve, hashed } = value;
  return `  ${title}: ${printable(value.formatName)}, ${value.integrity}\n${facts(
    [
      ['why', value.integrity === 'valid' ? undefined : `${printable(value.why)} (${value.code})`],
      ['curve', curve],
      ['key', key && `${SOURCES[key.source]}, SHA-256 ${key.fingerprint}`],
      ['meter', value.meterId && printable(value.meterId)],
      ['station', value.chargePointId && printable(value.chargePointId)],
      ['records', value.pagination.join(', ')],
      ...value.readings.map((reading): [string, string] => ['reading', readingText(reading)]),
      ...value.checked.map((check): [string, string] => ['checked', printable(check)]),
      ...(key === undefined
        ? hashed.map(({ name, length, sha256 }): [string, string] => [
            'signed bytes',
            `${name}: ${length}, SHA-256 ${sha256}`,
          ])
        : []),
    ],
    '    ',
  )}`;
}

function readingText({ purpose, value, unit, register, time }: MeterReading): string {
  const at = time === undefined ? '' : ` at ${time.text}`;
  return printable(`${purpose} ${value?.toString() ?? '–'} ${unit} in register ${register.text}${at}`);
}

const SOURCES = {
  registered: 'yours (--key)',
  given: 'given',
  container: 'of the file',
  record: 'of the record itself',
} as const;
