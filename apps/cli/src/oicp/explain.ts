import {
  classifyMessage, endpointList, readOicp, type Classification, type Endpoint, type Finding, type MessageKind,
} from '@emp/oicp';
import { command, JSON_OPTION } from '../command-line/command.ts';
import { readInputs, type InputFile } from '../command-line/input.ts';
import { ink, json, type Ink } from '../command-line/text.ts';
import { explanationText } from './explanation-text.ts';
import { readFeed, type FeedReading } from './feed-reading.ts';
import { feedText } from './feed-text.ts';
import { SHOWN_FINDINGS } from './findings-text.ts';
import { lookAtJson } from './json-text.ts';
import { messageFacts, type Facts } from './message-facts.ts';
import { messageKindNamed } from './message-kind.ts';
import { ourAnswer } from './our-answer.ts';
import { validated } from './validate.ts';

export interface Explanation {
  readonly file: string;
  readonly kind: MessageKind | undefined;
  /** How sure that is, and by what. */
  readonly recognised: Omit<Classification, 'kind'>;
  /** The operations it belongs to, as request or as reply. */
  readonly operations: readonly (Pick<Endpoint, 'operation' | 'direction' | 'method' | 'path'> & {
    readonly as: 'request' | 'reply';
  })[];
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  readonly weWould: readonly string[];
}

export const explain = command({
  options: {
    kind: { type: 'string', value: '<kind>', about: 'what it is, if you know better' },
    all: { type: 'boolean', about: `show every finding, not the gravest ${SHOWN_FINDINGS}` },
    json: JSON_OPTION,
  },
  details: `Card numbers and contract ids inside the message are never shown. Exit status 1 if it is not conformant,
or no message of OICP 2.3. A national feed (EVSEData or EVSEStatuses as lists, gzip or not) is counted through.

  npx emp oicp explain body.json`,
  run: async ({ words, options }, io) => {
    const kind = options.kind === undefined ? undefined : messageKindNamed(options.kind);
    const files = await readInputs(words, io);
    const read = files.map((file): Said => saidOf(file, kind));
    const shown = { most: options.all ? Infinity : SHOWN_FINDINGS, ink: ink(io.colours) };
    io.out(options.json ? json(read.map(({ value }) => value)) : read.map(({ text }) => text(shown)).join('\n'));
    return read.every(({ good }) => good) ? 0 : 1;
  },
});

/** What is said of one file, for programs and for people. */
interface Said {
  readonly value: unknown;
  readonly text: (shown: { readonly most: number; readonly ink: Ink }) => string;
  /** It is conformant. */
  readonly good: boolean;
}

function saidOf(file: InputFile, given: MessageKind | undefined): Said {
  const feed = given === undefined ? readFeed(file.text) : undefined;
  return feed === undefined ? ofMessage(explained(file, given)) : ofFeed(file.name, feed);
}

function ofMessage(explanation: Explanation): Said {
  const { kind, facts, findings, ...rest } = explanation;
  return {
    value: { ...rest, kind: kind ?? null, findings, facts: Object.fromEntries(facts) },
    text: (shown) => explanationText(explanation, shown),
    good: kind !== undefined && isConformant(findings),
  };
}

const ofFeed = (file: string, feed: FeedReading): Said => ({
  value: { file, feed },
  text: ({ ink: colours }) => feedText(file, feed, colours),
  good: feed.rejected === 0 && isConformant(feed.findings),
});

const isConformant = (findings: readonly Pick<Finding, 'severity'>[]): boolean =>
  findings.every(({ severity }) => severity !== 'error');

/** What a file is, what is wrong with it, and what we would do. */
export function explained(file: InputFile, given: MessageKind | undefined): Explanation {
  const { kind, ...recognised } = given
    ? { kind: given, confidence: 'certain' as const, reason: 'you say so' }
    : classified(file.text);
  if (kind === undefined)
    return { file: file.name, kind, recognised, operations: [], facts: [], findings: [], weWould: [] };
  const outcome = readOicp(kind, file.text);
  const message = outcome.ok ? (outcome.message as object as Readonly<Record<string, unknown>>) : undefined;
  const { findings } = validated(kind, file);
  return {
    file: file.name,
    kind,
    recognised,
    operations: operationsOf(kind),
    facts: message ? messageFacts(kind, message) : [],
    findings,
    weWould: ourAnswer(kind, { message, conformant: isConformant(findings) }),
  };
}

function classified(text: string): Classification {
  try {
    return classifyMessage(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return { kind: undefined, confidence: 'none', reason: notJson(text) };
  }
}

/** What comes instead of JSON says where the trouble is (OICP §2.5). */
function notJson(text: string): string {
  if (text.trim() === '') return 'nothing is there';
  if (!/^\s*</.test(text)) return `no JSON document: ${lookAtJson(text).trouble ?? 'it cannot be parsed'}`;
  return /ssl certificate/i.test(text)
    ? 'HTML instead of JSON: the web server before HBS refuses the client certificate'
    : 'HTML instead of JSON: so HBS answers addresses that are not white-listed (403), and so do proxies';
}

function operationsOf(kind: MessageKind): Explanation['operations'] {
  return endpointList().flatMap(({ operation, direction, method, path, request, reply }) => [
    ...(request === kind ? [{ operation, direction, method, path, as: 'request' as const }] : []),
    ...(reply === kind ? [{ operation, direction, method, path, as: 'reply' as const }] : []),
  ]);
}
