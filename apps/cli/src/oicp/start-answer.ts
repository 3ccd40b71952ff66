import { identificationOf, parseUid, type Identification } from '@emp/oicp';

/** How an AuthorizeStart is answered, by the kind of identification (OICP §6.3). */
export function startAnswer(message: Readonly<Record<string, unknown>>): readonly string[] {
  const shown = identificationOf(message['Identification'] as Identification | undefined);
  switch (shown.kind) {
    case 'rfid':
      return parseUid(shown.uid).ok
        ? [
            'look the card up in memory by its UID; unknown: NotAuthorized 102 at once, and nothing is written',
            ...BY_CONTRACT,
          ]
        : ['NotAuthorized 102: the UID is none, so no card of ours has it'];
    case 'qr':
      return ['look the contract up; unknown, or its PIN is wrong or missing: NotAuthorized 101', ...BY_CONTRACT];
    case 'plug-and-charge':
      return ['look the contract up, without check character; unknown: NotAuthorized 120', ...BY_CONTRACT];
    case 'remote':
      return ['NotAuthorized 022: RemoteIdentification is not for a start at the station'];
    default:
      return ['NotAuthorized 022: nobody is identified'];
  }
}

const BY_CONTRACT = [
  'blocked: NotAuthorized 200; no contract, or not valid now: NotAuthorized 210',
  'else write session and event, then answer Authorized 000',
];
