import type { Answer, MeteringDifferences, MeteringOutcome, MeteringQuestions } from './metering-outcome.ts';

export type Language = 'de' | 'en';

/** What is explained to the driver. */
export interface ExplainedMetering {
  readonly verdict: MeteringOutcome['verdict'];
  readonly code: string;
  readonly reason: string;
  readonly origin: 'registered-key' | 'first-use' | 'record-only' | null;
  readonly energyKwh: string | null;
  readonly begin: string | null;
  readonly end: string | null;
  readonly meterId: string | null;
  readonly keyFingerprint: string | null;
  readonly questions: MeteringQuestions;
  readonly differences: MeteringDifferences;
  /** kWh, as billed. */
  readonly billedKwh: string | null;
}

interface Words {
  readonly headline: Readonly<Record<MeteringOutcome['verdict'], string>>;
  readonly because: string;
  /** By code; a code that is not here is told in the words of the verifier. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly billed: string;
  readonly signed: string;
  readonly stated: string;
  readonly agrees: Readonly<Record<Answer, string>>;
  readonly begin: string;
  readonly end: string;
  readonly meter: string;
  readonly key: string;
  readonly questions: Readonly<Record<keyof MeteringQuestions, string>>;
  readonly answers: Readonly<Record<Answer, string>>;
  readonly origin: Readonly<Record<'registered-key' | 'first-use' | 'record-only', string>>;
  readonly yourself: string;
}

const ENGLISH: Words = {
  headline: {
    valid: "The meter's signed values prove this charging session.",
    invalid: 'The signed meter values of this charging session are not genuine, or do not belong together.',
    unverifiable: 'The signed meter values of this charging session could not be verified.',
    absent: 'The charging station delivered no signed meter values for this charging session.',
  },
  because: 'Reason', reasons: {},
  billed: 'Billed energy', signed: 'Signed energy', stated: 'Energy as stated by the values, not proven',
  agrees: { yes: 'The two agree.', no: 'The two differ.', unknown: 'They could not be compared.' },
  begin: 'Begin according to the meter', end: 'End according to the meter', meter: 'Meter', key: 'Key (SHA-256)',
  questions: {
    integrity: 'Are the values as they were signed?', origin: "Did this station's meter sign them?",
    completeness: 'Are all records of the session there?', energy: 'Does the meter allow to bill the energy?',
    duration: 'Does the meter vouch for the duration?', time: 'Does the meter vouch for the time of day?',
  },
  answers: { yes: 'Yes', no: 'No', unknown: 'Unknown' },
  origin: {
    'registered-key': 'The key is the one registered for this station.',
    'first-use': 'The key is the same as at earlier sessions of this station; nobody has confirmed it.',
    'record-only': 'The key came with the values: it proves that nothing was changed, not who signed.',
  },
  yourself: 'You can check the values yourself: open the file with the transparency software of S.A.F.E. e.V., and compare the '
    + 'key with the one on the station.',
};

const GERMAN: Words = {
  headline: {
    valid: 'Die signierten Messwerte belegen diesen Ladevorgang.',
    invalid: 'Die signierten Messwerte dieses Ladevorgangs sind nicht echt oder gehören nicht zusammen.',
    unverifiable: 'Die signierten Messwerte dieses Ladevorgangs konnten nicht geprüft werden.',
    absent: 'Die Ladestation hat zu diesem Ladevorgang keine signierten Messwerte geliefert.',
  },
  because: 'Grund',
  reasons: {
    'signature-wrong': 'Signatur und Daten passen nicht zusammen',
    'key-missing': 'es liegt kein öffentlicher Schlüssel vor',
    'key-malformed': 'der öffentliche Schlüssel ist nicht lesbar',
    'key-curve-differs': 'der öffentliche Schlüssel gehört zu einem anderen Verfahren',
    'key-changed': 'signiert wurde mit einem anderen Schlüssel als dem für die Station hinterlegten',
    'unknown-format': 'das Format der Messwerte ist nicht bekannt',
    'truncated': 'die Messwerte wurden bei der Übertragung abgeschnitten',
    'malformed': 'die Messwerte sind beschädigt',
    'too-many-values': 'es wurden mehr Messwerte geliefert, als erlaubt sind',
    'record-missing': 'zwischen Beginn und Ende fehlt mindestens ein Messwert',
    'meter-differs': 'die Messwerte stammen von verschiedenen Zählern',
    'counter-backwards': 'der Zähler läuft rückwärts',
    'time-backwards': 'ein späterer Messwert trägt eine frühere Uhrzeit',
  },
  billed: 'Abgerechnete Energie', signed: 'Signierte Energie', stated: 'Energie laut Messwerten, nicht belegt',
  agrees: { yes: 'Beide stimmen überein.', no: 'Beide weichen voneinander ab.', unknown: 'Ein Vergleich war nicht möglich.' },
  begin: 'Beginn laut Zähler', end: 'Ende laut Zähler', meter: 'Zähler', key: 'Schlüssel (SHA-256)',
  questions: {
    integrity: 'Sind die Messwerte so, wie sie signiert wurden?', origin: 'Hat der Zähler dieser Station sie signiert?',
    completeness: 'Sind alle Messwerte des Ladevorgangs da?', energy: 'Lässt der Zähler die Abrechnung der Energie zu?',
    duration: 'Steht der Zähler für die Dauer ein?', time: 'Steht der Zähler für die Uhrzeit ein?',
  },
  answers: { yes: 'Ja', no: 'Nein', unknown: 'Unbekannt' },
  origin: {
    'registered-key': 'Der Schlüssel ist der für diese Station hinterlegte.',
    'first-use': 'Der Schlüssel ist derselbe wie bei früheren Ladevorgängen dieser Station; bestätigt hat ihn niemand.',
    'record-only': 'Der Schlüssel kam mit den Messwerten: er belegt, dass nichts verändert wurde, nicht, wer signiert hat.',
  },
  yourself: 'Sie können die Messwerte selbst prüfen: Öffnen Sie die Datei mit der Transparenzsoftware des S.A.F.E. e.V. und '
    + 'vergleichen Sie den Schlüssel mit dem an der Station.',
};

/** Explains to the driver what was signed, what was checked and what came out: plain sentences, never a card number. */
export function explainMetering(metering: ExplainedMetering, language: Language): string {
  const words = language === 'de' ? GERMAN : ENGLISH;
  const { verdict, code, reason, questions, origin } = metering;
  if (verdict === 'absent') return `${words.headline.absent}\n`;
  const asked = Object.keys(words.questions) as (keyof MeteringQuestions)[];
  return [
    words.headline[verdict],
    ...(verdict === 'valid' ? [] : [`${words.because}: ${words.reasons[code] ?? `${reason} (${code})`}.`]),
    '', ...measured(metering, words),
    '', ...asked.map((question) => `${words.questions[question]} ${words.answers[questions[question].answer]}.`),
    ...(origin === null ? [] : ['', words.origin[origin]]),
    '', words.yourself, '',
  ].join('\n');
}

/** As a meter's record writes a moment: OCMF adds a fraction and how the clock was set, EDL meters tell no zone. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:[.,]\d+)?(?:(Z)|([+-]\d{2}):?(\d{2}))?(?: [A-Z])?$/;

/** The same for a person; whether the clock was set is one of the questions, and answered there. */
function clockFace(text: string | null): string | null {
  const [, day, time, zulu, hours, minutes] = MOMENT.exec(text ?? '') ?? [];
  if (day === undefined || time === undefined) return text;
  const offset = hours === undefined ? '' : `UTC${hours}:${minutes ?? '00'}`;
  const zone = zulu !== undefined || /[+-]00:00$/.test(offset) ? 'UTC' : offset;
  return `${day} ${time} ${zone}`.trimEnd();
}

function measured(metering: ExplainedMetering, words: Words): readonly string[] {
  const { verdict, billedKwh, energyKwh, begin, end, meterId, keyFingerprint, differences } = metering;
  const line = (name: string, text: string | null): readonly string[] => (text === null ? [] : [`${name}: ${text}`]);
  const kWh = (energy: string | null): string | null => energy && `${energy} kWh`;
  return [
    ...line(words.billed, kWh(billedKwh)), ...line(verdict === 'valid' ? words.signed : words.stated, kWh(energyKwh)),
    words.agrees[differences.energy.answer],
    ...line(words.begin, clockFace(begin)), ...line(words.end, clockFace(end)), ...line(words.meter, meterId), ...line(words.key, keyFingerprint),
  ];
}
