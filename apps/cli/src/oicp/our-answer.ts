import {
  acknowledged, endpointList, statusCodeEntry, type Acknowledgement, type KnownStatusCode, type MessageKind,
} from '@emp/oicp';
import { CODE_ADVICE } from './code-advice.ts';
import { codeOf } from './message-facts.ts';
import { startAnswer } from './start-answer.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * What the back end of this project does with a message that arrives, or with the answer to it when it is one we send.
 * `undefined` as message: it cannot be read.
 */
export function ourAnswer(
  kind: MessageKind,
  { message, conformant }: { readonly message: Message | undefined; readonly conformant: boolean },
): readonly string[] {
  if (!conformant && isOurs(kind)) return ['not send it: what is not conformant does not leave us'];
  if (message === undefined) return unreadable(kind);
  const answer = ANSWERS[kind];
  return typeof answer === 'function' ? answer(message) : answer;
}

/** Whether a provider writes it, and nobody else. */
const isOurs = (kind: MessageKind): boolean =>
  endpointList().some(({ direction, request, reply }) =>
    direction === 'emp-to-hbs' ? request === kind : reply === kind && kind !== 'Acknowledgement',
  );

const PULLED = [
  'take it page by page, each record by itself: one that cannot be read costs only itself',
  'compare with what is known and publish only what changed',
];
const SEND_PULL = ['send it, and repeat it with back-off when HBS does not answer: a pull changes nothing'];
const SEND_START = [
  'send it once; without an answer never again blindly: a second session could begin. A notification or a record tells',
];
const SEND_STOP = ['send it, and repeat it a few times without an answer: a stop that comes twice does no harm'];
const OUR_REPLY = ['send it with HTTP 200; a refusal is a 200, too'];

const ANSWERS: Readonly<Record<MessageKind, readonly string[] | ((message: Message) => readonly string[])>> = {
  AuthorizeStart: (message) => [...needsSession(message), ...startAnswer(message)],
  AuthorizeStop: (message) => [
    ...needsSession(message),
    'find the session by its SessionID: unknown, closed or not authorized by us: NotAuthorized 400',
    'the card that began it, or another one of its contract: Authorized 000, even if the contract has ended',
    'anything else: NotAuthorized',
  ],
  ChargeDetailRecord: (message) =>
    hasSession(message)
      ? [
          'keep the text byte for byte, sealed, with its event in one transaction; only then acknowledge with 000',
          'the same content again changes nothing; another content is a conflict, and the first stays billable',
          'check instants, energy, identification: accept and bill it, or put it into quarantine; nothing is dropped',
        ]
      : ['refuse it with 022: without SessionID nothing can be done with it'],
  ChargingNotification: (message) =>
    hasSession(message)
      ? [
          'add it to the session, which it begins if it was not known; acknowledge with 000, after the record with 400',
          'bill nothing by it: it may come twice, late or never; the record wins',
        ]
      : ['refuse it with 022: without SessionID it belongs to nothing'],
  AuthorizationStart: OUR_REPLY,
  AuthorizationStop: OUR_REPLY,
  Acknowledgement: (message) => {
    const code = codeOf(message);
    if (acknowledged(message as unknown as Acknowledgement)) return ['take it as done'];
    return ['take it as refused; decide by the code, never by HTTP status or text', ...adviceOn(code)];
  },
  FaultBody: [
    'take our message as wrong: alert, and never send it again as it is',
    'validate it and look at the members that validationErrors names, by Java names instead of JSON names',
  ],
  AuthorizeRemoteStart: SEND_START,
  AuthorizeRemoteStop: SEND_STOP,
  AuthorizeRemoteReservationStart: SEND_START,
  AuthorizeRemoteReservationStop: SEND_STOP,
  PushAuthenticationData: [
    'send one after the other, never two at a time, across all replicas: HBS refuses the second with 009',
    'repeat a fullLoad; after an insert, update or delete of unknown outcome send a fullLoad instead',
  ],
  GetChargeDetailRecords: SEND_PULL,
  PullEvseData: SEND_PULL,
  PullEvseStatus: SEND_PULL,
  PullEvseStatusById: SEND_PULL,
  PullEvseStatusByOperatorId: SEND_PULL,
  PullPricingProductData: SEND_PULL,
  PullEvsePricing: SEND_PULL,
  ChargeDetailRecordPage: [
    'send each record through the same door as a pushed one, byte for byte; what is known already changes nothing',
    'move the watermark only after the last page; read the window again when its pages shifted',
  ],
  EvseDataPage: [
    ...PULLED,
    'after a complete pull take EVSEs that are no longer listed for removed, unless suspiciously many',
  ],
  EvseDataRecord: PULLED,
  EvseStatus: ['read it as a stream, compare once it is whole; an EVSE that is not in it becomes Unknown'],
  EvseStatusById: ['compare and publish what changed'],
  EvseStatusByOperatorId: ['compare and publish what changed'],
  EvseStatusRecord: ['compare and publish if it changed'],
  PricingProductData: ['keep the prices from now on: OICP has no date of validity'],
  EvsePricing: ['keep which products an EVSE has from now on'],
  ContractsDocument: ['keep offers and prices of the operator (NGP)'],
  ContractEvsesPage: ['join the EVSEs with the prices of their group (NGP)'],
};

const hasSession = (message: Message): boolean =>
  typeof message['SessionID'] === 'string' && message['SessionID'].trim() !== '';

const needsSession = (message: Message): readonly string[] =>
  hasSession(message) ? [] : ['NotAuthorized 022: without SessionID nothing could follow. With one:'];

function adviceOn(code: string | undefined): readonly string[] {
  if (code === undefined || statusCodeEntry(code) === undefined) {
    return ['a code that OICP does not list: keep it, treat it as a refusal'];
  }
  const advice = CODE_ADVICE[code as KnownStatusCode].told;
  return [`${code}: ${advice ?? 'an odd thing to be told, this code is ours to say: ask Hubject'}`];
}

const DOOR: ReadonlySet<MessageKind> = new Set(['AuthorizeStart', 'AuthorizeStop', 'ChargingNotification']);

function unreadable(kind: MessageKind): readonly string[] {
  if (kind === 'ChargeDetailRecord') {
    return [
      'if it is JSON and names a SessionID: keep it byte for byte, acknowledge with 000, put it into quarantine',
      'else refuse it with 022',
    ];
  }
  if (DOOR.has(kind)) return ['answer HTTP 200 with 022 (Data error.): an essential member is missing'];
  return ['take nothing from it: log kind and findings, keep what is known'];
}
