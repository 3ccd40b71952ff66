import { readOicp, type Finding, type MessageKind } from '@emp/oicp';
import { command, JSON_OPTION } from '../command-line/command.ts';
import { readInputs, type InputFile } from '../command-line/input.ts';
import { count, ink, json, printable, type Ink } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { findingsCount, findingsText, SHOWN_FINDINGS } from './findings-text.ts';
import { lookAtJson } from './json-text.ts';
import { messageKindNamed } from './message-kind.ts';

/** What reading one file as one kind of message found. */
export interface Validation {
  readonly file: string;
  readonly kind: MessageKind;
  /** Whether its essential members are there; everything else is tolerated and reported. */
  readonly readable: boolean;
  readonly encoding: InputFile['encoding'];
  readonly findings: readonly Finding[];
  /** Records of a list that cannot be read, the others unharmed; their findings are among `findings`. */
  readonly rejectedRecords: readonly string[];
}

export const validate = command({
  options: {
    strict: { type: 'boolean', about: 'warnings are violations, too' },
    all: { type: 'boolean', about: `show every finding, not the gravest ${SHOWN_FINDINGS}` },
    json: JSON_OPTION,
  },
  details: `Kinds are messages of OICP; ChargeDetailRecord, charge-detail-record, eRoamingChargeDetailRecord_V2.2 are one.
An error is not conformant; a warning is not to the letter, but its meaning is certain; a note is worth knowing.
Exit status 1 if there is an error.

  npx emp oicp validate ChargeDetailRecord record.json
  curl … | npx emp oicp validate EvseDataPage -`,
  run: async ({ words, options }, io) => {
    const [kindWord, ...names] = words;
    if (kindWord === undefined) throw new WrongUse('<kind> is missing');
    const kind = messageKindNamed(kindWord);
    const validations = (await readInputs(names, io)).map((file) => validated(kind, file));
    const most = options.all ? Infinity : SHOWN_FINDINGS;
    io.out(
      options.json
        ? json(validations)
        : validations.map((each) => validationText(each, { most, ink: ink(io.colours) })).join('\n'),
    );
    const violations = validations
      .flatMap(({ findings }) => findings)
      .some(({ severity }) => severity === 'error' || (options.strict && severity === 'warning'));
    return violations ? 1 : 0;
  },
});

export function validated(kind: MessageKind, { name, text, encoding }: InputFile): Validation {
  const outcome = readOicp(kind, text);
  const rejected = outcome.ok ? outcome.rejected : [];
  const { trouble, repeated } = lookAtJson(text);
  const findings = [...outcome.findings, ...rejected.flatMap((record) => record.findings)];
  return {
    file: name,
    kind,
    readable: outcome.ok,
    encoding,
    findings: [
      ...findings.map((finding) => (finding.code === 'not-json' && trouble !== undefined ? { ...finding, message: trouble } : finding)),
      ...repeated.map((pointer): Finding => ({ pointer, code: 'member-repeated', severity: 'warning', message: REPEATED })),
    ],
    rejectedRecords: rejected.map(({ pointer }) => pointer),
  };
}

const REPEATED = 'the same name twice in one object, and the last one counts; expected: once';

export function validationText(
  { file, kind, readable, encoding, findings, rejectedRecords }: Validation,
  { most, ink: colours }: { readonly most: number; readonly ink: Ink },
): string {
  return [
    `${colours.bold(printable(file))}: ${kind}, `,
    `${readable ? '' : colours.red('not readable, ')}${findingsCount(findings)}\n`,
    encoding === 'UTF-8' ? '' : `  not UTF-8: read as ${encoding}\n`,
    rejectedRecords.length === 0
      ? ''
      : `  ${count(rejectedRecords.length, 'record')} of a list cannot be read, the others are unharmed\n`,
    findingsText(findings, { most, ink: colours }),
  ].join('');
}
