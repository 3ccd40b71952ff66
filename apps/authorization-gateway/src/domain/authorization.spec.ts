import { decideAuthorization, type PresentedMedium } from './authorization.ts';
import { NO_RULES, type ContractRules } from './contract-rules.ts';
import type { Card, Contract } from './contract.ts';

const now = Date.parse('2026-05-01T08:00:00Z');
const contract: Contract = {
  contractRef: 'con-1',
  providerId: 'DE-EMP',
  tariffPlanId: 'standard',
  status: 'active',
  validFrom: Date.parse('2026-01-01T00:00:00Z'),
  validUntil: null,
  rules: NO_RULES,
};
const card: Card = { cardRef: 'card-1', contractRef: 'con-1', status: 'active', validUntil: null };

const rfid = (of: { card?: Partial<Card>; contract?: Partial<Contract> | null } = {}): PresentedMedium => ({
  kind: 'rfid',
  card: { ...card, ...of.card },
  contract: of.contract === null ? undefined : { ...contract, ...of.contract },
});

const here = { operatorId: 'DE*SIM', evseId: 'DE*SIM*E0001*1', subscribed: undefined } as const;

const decide = (
  medium: PresentedMedium,
  more: { readonly operatorId?: string; readonly evseId?: string | null; readonly subscribed?: readonly string[] } = {},
): string => {
  const subscribed = more.subscribed && new Set(more.subscribed);
  const facts = { medium, providerMode: 'online', ...here, ...more, subscribed } as const;
  const { status, code, explanation } = decideAuthorization(facts, now);
  return `${status} ${code} ${explanation.rule}`;
};

describe('decideAuthorization', () => {
  it.each<[string, PresentedMedium, string]>([
    ['a good card', rfid(), 'Authorized 000 everything-in-order'],
    ['an unknown card', { kind: 'rfid', card: undefined, contract: undefined }, 'NotAuthorized 102 card-unknown'],
    ['a blocked card', rfid({ card: { status: 'blocked' } }), 'NotAuthorized 200 card-blocked'],
    ['a card of a blocked contract', rfid({ contract: { status: 'blocked' } }), 'NotAuthorized 200 contract-blocked'],
    ['a card without contract', rfid({ contract: null }), 'NotAuthorized 210 contract-missing'],
    [
      'a blocked card whose contract has ended',
      rfid({ card: { status: 'blocked' }, contract: { validUntil: now - 1 } }),
      'NotAuthorized 200 card-blocked',
    ],
    [
      'a contract that ended yesterday',
      rfid({ contract: { validUntil: now - 86_400_000 } }),
      'NotAuthorized 210 contract-ended',
    ],
    [
      'a contract that ends this very millisecond',
      rfid({ contract: { validUntil: now } }),
      'NotAuthorized 210 contract-ended',
    ],
    [
      'a contract that ends in a millisecond',
      rfid({ contract: { validUntil: now + 1 } }),
      'Authorized 000 everything-in-order',
    ],
    [
      'a contract that begins in a millisecond',
      rfid({ contract: { validFrom: now + 1 } }),
      'NotAuthorized 210 contract-not-yet-valid',
    ],
    ['a contract that begins now', rfid({ contract: { validFrom: now } }), 'Authorized 000 everything-in-order'],
    [
      'a card that has ended before its contract',
      rfid({ card: { validUntil: now } }),
      'NotAuthorized 210 card-ended',
    ],
    [
      'a QR code of an unknown contract',
      { kind: 'qr', contract: undefined, pin: 'absent' },
      'NotAuthorized 101 contract-of-qr-unknown',
    ],
    ['a QR code with a wrong PIN', { kind: 'qr', contract, pin: 'wrong' }, 'NotAuthorized 101 pin-not-correct'],
    ['a QR code without a PIN', { kind: 'qr', contract, pin: 'absent' }, 'NotAuthorized 101 pin-not-correct'],
    [
      'a QR code when we have no PIN to compare',
      { kind: 'qr', contract, pin: 'none-on-record' },
      'NotAuthorized 101 pin-not-correct',
    ],
    [
      'a QR code whose PIN nobody looked at',
      { kind: 'qr', contract, pin: 'unchecked' },
      'NotAuthorized 101 pin-not-correct',
    ],
    [
      'a QR code after too many wrong PINs',
      { kind: 'qr', contract, pin: 'locked' },
      'NotAuthorized 101 pin-attempts-used-up',
    ],
    [
      'a QR code whose PIN could not be looked at in time',
      { kind: 'qr', contract, pin: 'timed-out' },
      'NotAuthorized 110 pin-check-timed-out',
    ],
    [
      'a QR code when too many come at once',
      { kind: 'qr', contract, pin: 'overloaded' },
      'NotAuthorized 106 pin-check-overloaded',
    ],
    [
      'a QR code with its PIN of a blocked contract',
      { kind: 'qr', contract: { ...contract, status: 'blocked' }, pin: 'correct' },
      'NotAuthorized 200 contract-blocked',
    ],
    [
      'a vehicle whose certificate was revoked',
      { kind: 'plug-and-charge', contract: { ...contract, rules: { ...NO_RULES, vehicleCertificate: 'revoked' } } },
      'NotAuthorized 121 vehicle-certificate-revoked',
    ],
    [
      'a card of a contract whose vehicle has lost its certificate',
      rfid({ contract: { rules: { ...NO_RULES, vehicleCertificate: 'revoked' } } }),
      'Authorized 000 everything-in-order',
    ],
    ['a QR code with its PIN', { kind: 'qr', contract, pin: 'correct' }, 'Authorized 000 everything-in-order'],
    [
      'a vehicle with an unknown contract',
      { kind: 'plug-and-charge', contract: undefined },
      'NotAuthorized 120 contract-of-vehicle-unknown',
    ],
    ['a vehicle with a contract', { kind: 'plug-and-charge', contract }, 'Authorized 000 everything-in-order'],
    [
      'a vehicle with a blocked contract',
      { kind: 'plug-and-charge', contract: { ...contract, status: 'blocked' } },
      'NotAuthorized 200 contract-blocked',
    ],
    [
      'a remote identification, which is not for stations',
      { kind: 'remote' },
      'NotAuthorized 022 identification-not-for-authorization',
    ],
    ['nothing at all', { kind: 'none' }, 'NotAuthorized 022 no-identification'],
  ])('answers %s', (_, medium, expected) => {
    expect(decide(medium)).toBe(expected);
  });

  it.each([['offline' as const], [undefined]])('does not know the cards of a provider that is %s', (mode) => {
    expect(decideAuthorization({ medium: rfid(), providerMode: mode, ...here }, now)).toMatchObject({
      code: '102',
      explanation: { rule: 'provider-not-online' },
    });
  });

  it('explains itself by the facts it looked at', () => {
    const { explanation } = decideAuthorization(
      { medium: rfid({ contract: { validUntil: now - 1 } }), providerMode: 'online', ...here },
      now,
    );
    expect(explanation).toEqual({
      rule: 'contract-ended',
      facts: {
        identification: 'rfid',
        at: '2026-05-01T08:00:00.000Z',
        cardRef: 'card-1',
        cardStatus: 'active',
        cardValidUntil: null,
        contractRef: 'con-1',
        providerId: 'DE-EMP',
        providerMode: 'online',
        contractStatus: 'active',
        contractValidFrom: '2026-01-01T00:00:00.000Z',
        contractValidUntil: '2026-05-01T07:59:59.999Z',
      },
    });
  });
});

const YES = 'Authorized 000 everything-in-order';
const at = (rules: Partial<ContractRules>): PresentedMedium => rfid({ contract: { rules: { ...NO_RULES, ...rules } } });
const list = (allowed: readonly string[], denied: readonly string[] = []): ContractRules['operators'] => ({
  allowed,
  denied,
});

describe('where a contract may charge', () => {
  it.each<[string, Partial<ContractRules>, Parameters<typeof decide>[1], string]>([
    ['an operator that is allowed', { operators: list(['DESIM']) }, {}, YES],
    ['none but others', { operators: list(['DEABC']) }, {}, 'NotAuthorized 320 operator-not-allowed'],
    ['an operator that is denied', { operators: list([], ['DESIM']) }, {}, 'NotAuthorized 320 operator-not-allowed'],
    [
      'an operator that is allowed and denied',
      { operators: list(['DESIM'], ['DESIM']) },
      {},
      'NotAuthorized 320 operator-not-allowed',
    ],
    ['another one that is denied', { operators: list([], ['DEABC']) }, {}, YES],
    ['a sub-operator of an allowed hub', { operators: list(['DESIM']) }, { evseId: 'DE*SUB*E1' }, YES],
    ['an allowed sub-operator of any hub', { operators: list(['DESUB']) }, { evseId: 'DE*SUB*E1' }, YES],
    [
      'a denied sub-operator of an allowed hub',
      { operators: list(['DESIM'], ['DESUB']) },
      { evseId: 'de*sub*E1' },
      'NotAuthorized 320 operator-not-allowed',
    ],
    ['an operator of the DIN form', { operators: list(['49*810']) }, { evseId: '+49*810*000*438' }, YES],
    ['no EVSE named, an allowed operator', { operators: list(['DESIM']) }, { evseId: null }, YES],
    [
      'no EVSE named, an operator that is not allowed',
      { operators: list(['DEABC']) },
      { evseId: null },
      'NotAuthorized 320 operator-not-allowed',
    ],
    ['an allowed country', { countries: list(['DE', 'AT']) }, {}, YES],
    ['no allowed country', { countries: list(['AT']) }, {}, 'NotAuthorized 320 country-not-allowed'],
    ['a denied country', { countries: list([], ['DE']) }, {}, 'NotAuthorized 320 country-not-allowed'],
    [
      'an EVSE abroad of an operator at home',
      { countries: list(['DE']) },
      { evseId: 'FR*SIM*E1' },
      'NotAuthorized 320 country-not-allowed',
    ],
    ['+49, which is Germany', { countries: list(['DE']) }, { evseId: '+49*810*000*438' }, YES],
    ['43 without a plus, which is Austria', { countries: list(['AT']) }, { evseId: '43*810*000*438' }, YES],
    [
      'no EVSE named: the country of the operator',
      { countries: list(['AT']) },
      { evseId: null, operatorId: '+43*123' },
      YES,
    ],
    [
      'a country nobody knows, when some are allowed',
      { countries: list(['DE']) },
      { evseId: '+999*810*1' },
      'NotAuthorized 320 country-not-allowed',
    ],
    ['a country nobody knows, when some are denied', { countries: list([], ['DE']) }, { evseId: '+999*810*1' }, YES],
    ['an operator we have an agreement with', {}, { subscribed: ['DESIM'] }, YES],
    ['a sub-operator of one', {}, { subscribed: ['DESIM'], evseId: 'DE*SUB*E1' }, YES],
    ['an operator without agreement', {}, { subscribed: ['DEABC'] }, 'NotAuthorized 320 operator-not-subscribed'],
    [
      'an operator without agreement, no EVSE named',
      {},
      { subscribed: ['DEABC'], evseId: null },
      'NotAuthorized 320 operator-not-subscribed',
    ],
  ])('at %s', (_, rules, where, expected) => {
    expect(decide(at(rules), where)).toBe(expected);
  });

  it('tells what is blocked or ended before where it may not charge', () => {
    const blocked = rfid({ contract: { status: 'blocked', rules: { ...NO_RULES, operators: list(['DEABC']) } } });
    expect(decide(blocked)).toBe('NotAuthorized 200 contract-blocked');
  });

  it('explains by which id it took the place', () => {
    const facts = { medium: at({ countries: list(['AT']) }), providerMode: 'online', ...here, evseId: null } as const;
    expect(decideAuthorization(facts, now).explanation).toMatchObject({
      rule: 'country-not-allowed',
      facts: { country: 'DE', operators: 'DESIM', placeNamedBy: 'operator' },
    });
  });
});
