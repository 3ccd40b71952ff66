import { evcoCheck } from '../ids/evco-id.ts';
import { EVCO_ID_TOLERATED } from '../ids/patterns.ts';
import { AuthorizeRemoteReservationStart } from '../messages/authorize-remote-reservation-start.ts';
import { AuthorizeRemoteStart } from '../messages/authorize-remote-start.ts';
import { AuthorizeStart } from '../messages/authorize-start.ts';
import { AuthorizeStop } from '../messages/authorize-stop.ts';
import { AuthenticationDataRecord } from '../messages/push-authentication-data.ts';
import {
  Identification, PlugAndChargeIdentification, QRCodeIdentification, RemoteIdentification, RFIDIdentification,
} from '../types/identification.ts';
import { crossRules, type CrossRule } from './cross-rules.ts';

const KINDS = [
  'RFIDMifareFamilyIdentification', 'RFIDIdentification', 'QRCodeIdentification', 'PlugAndChargeIdentification',
  'RemoteIdentification',
] as const;
type Kind = (typeof KINDS)[number];

const has = (identification: Identification, kind: Kind): boolean =>
  identification[kind] !== undefined && identification[kind] !== null;

crossRules(Identification, {
  code: 'identification-missing', severity: 'error', source: '§9.7',
  check: (identification, complain) => {
    if (!KINDS.some((kind) => has(identification, kind))) complain(undefined, 'one of the five kinds of identification');
  },
}, {
  code: 'identification-ambiguous', severity: 'error', source: '§9.7', erratum: 'E-53',
  check: (identification, complain) => {
    if (KINDS.filter((kind) => has(identification, kind)).length > 1) complain(undefined, 'exactly one kind of identification');
  },
});

/** Refuses kinds of identification that an operation does not use. */
const onlyKinds = (source: string, allowed: readonly Kind[]): CrossRule<{ Identification?: Identification }> => ({
  code: 'identification-not-allowed', severity: 'error', source,
  check: ({ Identification: identification }, complain) => {
    if (identification === undefined || identification === null) return;
    for (const kind of KINDS) {
      if (has(identification, kind) && !allowed.includes(kind)) complain(['Identification', kind], `only ${allowed.join(', ')} here`);
    }
  },
});

const toTheEmp = onlyKinds('§6.4', [
  'RFIDMifareFamilyIdentification', 'QRCodeIdentification', 'PlugAndChargeIdentification',
]);
const remoteOnly = onlyKinds('§6.4', ['RemoteIdentification']);

/** HBS hashes the clear PIN itself; a hash would be hashed again. */
const clearPin: CrossRule<{ Identification?: Identification }> = {
  code: 'member-not-allowed', severity: 'error', source: '§9.7',
  check: ({ Identification: identification }, complain) => {
    const hash = identification?.QRCodeIdentification?.HashedPIN;
    if (hash !== undefined && hash !== null) {
      complain(['Identification', 'QRCodeIdentification', 'HashedPIN'], 'the PIN in clear text when authorizing');
    }
  },
};

crossRules(AuthorizeStart, toTheEmp, clearPin);
crossRules(AuthorizeStop, toTheEmp, clearPin);
crossRules(AuthorizeRemoteStart, remoteOnly);
crossRules(AuthorizeRemoteReservationStart, remoteOnly);

crossRules(AuthenticationDataRecord, {
  code: 'credential-missing', severity: 'error', source: '§7.5',
  check: ({ Identification: { QRCodeIdentification: qr } }, complain) => {
    if (qr && (qr.PIN ?? undefined) === undefined && (qr.HashedPIN ?? undefined) === undefined) {
      complain(['Identification', 'QRCodeIdentification'], 'PIN or HashedPIN');
    }
  },
}, {
  code: 'credential-ambiguous', severity: 'error', source: '§7.5',
  check: ({ Identification: { QRCodeIdentification: qr } }, complain) => {
    if (qr && (qr.PIN ?? undefined) !== undefined && (qr.HashedPIN ?? undefined) !== undefined) {
      complain(['Identification', 'QRCodeIdentification'], 'either PIN or HashedPIN');
    }
  },
}, {
  code: 'member-not-allowed', severity: 'warning', source: '§7.5',
  check: ({ Identification: { QRCodeIdentification: qr } }, complain) => {
    const legacy = qr?.HashedPIN?.LegacyHashData;
    if (legacy !== undefined && legacy !== null) {
      complain(['Identification', 'QRCodeIdentification', 'HashedPIN', 'LegacyHashData'], 'no data of OICP 2.1');
    }
  },
});

/** Check characters are computed, never enforced: cards with wrong ones are in circulation. */
const checkDigit: CrossRule<{ EvcoID?: string }> = {
  code: 'evco-check-digit', severity: 'note', source: '§4.1', erratum: 'E-18',
  check: ({ EvcoID: id }, complain) => {
    if (typeof id === 'string' && EVCO_ID_TOLERATED.test(id) && evcoCheck(id) === 'differs') {
      complain('EvcoID', 'the check character that belongs to the id');
    }
  },
};

crossRules(RFIDIdentification, checkDigit);
crossRules(QRCodeIdentification, checkDigit);
crossRules(PlugAndChargeIdentification, checkDigit);
crossRules(RemoteIdentification, checkDigit);
