import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { publicFile, publicFiles, samples, withoutNulls } from '../../test/samples.ts';
import { classifyMessage, FINDING_CODES, isMessageKind, MESSAGE_KINDS, readOicp, writeOicp, type MessageKind } from '../index.ts';
import { membersOfClass, messageClasses } from '../member/member.ts';

describe('kinds of messages', () => {
  it('have a sample each', () => {
    expect(MESSAGE_KINDS.filter((kind) => !samples('conformant').some((sample) => sample.kind === kind))).toEqual([]);
  });

  it('are recognised by name', () => {
    expect([isMessageKind('ChargeDetailRecord'), isMessageKind('toString'), isMessageKind('chargedetailrecord')]).toEqual([true, false, false]);
  });
});

describe('the declaration of members', () => {
  it('explains itself: a comment on every class, and a source on almost every member', () => {
    const root = import.meta.dirname;
    const files = [...readdirSync(root).map((file) => path.join(root, file)), ...readdirSync(path.join(root, '../types')).map((file) => path.join(root, '../types', file))];
    for (const file of files.filter((name) => !name.endsWith('.spec.ts'))) {
      const lines = readFileSync(file, 'utf8').split('\n');
      if (!lines.some((line) => line.startsWith('  @Member('))) continue;
      expect({ file, explained: /\*\/\nexport (?:abstract )?class/.test(lines.join('\n')) }).toEqual({ file, explained: true });
    }
  });

  it('uses only codes of the catalogue', () => {
    for (const messageClass of messageClasses()) {
      for (const { type } of membersOfClass(messageClass)) {
        for (const { code } of type.constraints) expect(Object.keys(FINDING_CODES)).toContain(code);
      }
    }
  });

  it('has short cuts that let nothing pass which a rule forbids', () => {
    for (const messageClass of messageClasses()) {
      for (const { name, type } of membersOfClass(messageClass)) {
        if (type.shape !== 'text' || type.strict === undefined) continue;
        const texts = type.strict instanceof RegExp ? fc.stringMatching(type.strict) : fc.string({ maxLength: 3 });
        for (const text of fc.sample(texts, { seed: 1, numRuns: 20 }).filter((one) => type.strict?.test(one))) {
          const broken = type.constraints.filter(({ test }) => !test(text)).map(({ code }) => code);
          expect({ name, text, broken }).toEqual({ name, text, broken: [] });
        }
      }
    }
  });
});

/** What the files of the public collection are; the examples of the specification are named by operation. */
const KINDS: readonly (readonly [RegExp, MessageKind])[] = [
  [/^spec-emp\.pull-pricing-product-data\.response/, 'Acknowledgement'],
  [/get-charge-detail-records?\..*request/, 'GetChargeDetailRecords'],
  [/get-charge-detail-records?\..*response/, 'ChargeDetailRecordPage'],
  [/authorize-remote-start.*request/, 'AuthorizeRemoteStart'],
  [/authorize-remote-stop.*request/, 'AuthorizeRemoteStop'],
  [/reservation-start.*request/, 'AuthorizeRemoteReservationStart'],
  [/reservation-stop.*request/, 'AuthorizeRemoteReservationStop'],
  [/authorize-start.*request/, 'AuthorizeStart'],
  [/authorize-stop.*request/, 'AuthorizeStop'],
  [/authoriz(?:e|ation)-start\..*response/, 'AuthorizationStart'],
  [/authorize-stop\..*response/, 'AuthorizationStop'],
  [/charge-detail-record/, 'ChargeDetailRecord'],
  [/charging-notification.*request/, 'ChargingNotification'],
  [/push-authentication-data.*request/, 'PushAuthenticationData'],
  [/pull-evse-data.*request/, 'PullEvseData'],
  [/pull-evse-data.*response/, 'EvseDataPage'],
  [/pull-evse-status-by-id\.request/, 'PullEvseStatusById'],
  [/pull-evse-status-by-id\.response/, 'EvseStatusById'],
  [/pull-evse-status-by-operator-id\.request/, 'PullEvseStatusByOperatorId'],
  [/pull-evse-status-by-operator-id\.response/, 'EvseStatusByOperatorId'],
  [/pull-evse-status\.request/, 'PullEvseStatus'],
  [/pull-evse-status\.response/, 'EvseStatus'],
  [/pull-pricing-product-data\.request/, 'PullPricingProductData'],
  [/pull-pricing-product-data\.response/, 'PricingProductData'],
  [/pull-evse-pricing\.request/, 'PullEvsePricing'],
  [/pull-evse-pricing\.response/, 'EvsePricing'],
  [/./, 'Acknowledgement'],
];
const kindOf = (file: string): MessageKind => KINDS.find(([pattern]) => pattern.test(file))![1];

const publicMessages = ['spec', 'handmade'].flatMap((directory) =>
  publicFiles(`oicp-messages/${directory}`).map((file) => ({ file, path: `oicp-messages/${directory}/${file}` })));

if (publicMessages.length > 0) {
  const conformant: string[] = [];
  const deviations: Record<string, string[]> = {};

  describe('the public collection of messages', () => {
    it.each(publicMessages)('$file is read, its deviations named, and written back if it conforms', ({ file, path: name }) => {
      const text = String(publicFile(name));
      const kind = kindOf(file);
      const outcome = readOicp(kind, text);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.findings));
      expect(outcome.rejected).toEqual([]);
      const errors = outcome.findings.filter(({ severity }) => severity === 'error');
      deviations[file] = outcome.findings.filter(({ severity }) => severity !== 'note').map(({ pointer, code }) => `${pointer} ${code}`);
      if (errors.length > 0) {
        expect(() => writeOicp(kind, outcome.message)).toThrow('not conformant');
      } else if (deviations[file].length === 0) {
        conformant.push(file);
        expect(JSON.parse(writeOicp(kind, outcome.message))).toEqual(withoutNulls(JSON.parse(text)));
      }
    });

    it('finds the conformant ones conformant', () => {
      const handmade = publicFiles('oicp-messages/handmade').filter((file) => !/legacy/.test(file));
      expect(handmade.filter((file) => !conformant.includes(file))).toEqual([]);
    });

    it.each<readonly [string, readonly string[]]>([
      ['spec-emp.authorize-start.request.json', [
        '/Identification/RFIDMifareFamilyIdentification/UID uid-malformed', '/Identification identification-ambiguous',
        '/Identification/QRCodeIdentification/HashedPIN member-not-allowed',
      ]],
      ['spec-emp.get-charge-detail-record.request.json', ['/SessionID/0 session-id-malformed']],
      ['spec-emp.get-charge-detail-record.response.json', [
        '/content/0/SessionID session-id-malformed', '/content/0/Identification identification-ambiguous', '/numberOfElements page-inconsistent',
      ]],
      ['spec-emp.charging-notification-progress.request.json', ['/ChargingDuration duration-differs']],
      ['spec-emp.charging-notification-error.request.json', ['/ErrorType value-spelling']],
      ['spec-emp.pull-evse-data.request.json', [
        '/SearchCenter filter-not-allowed', '/CountryCodes filter-not-allowed', '/OperatorIds filter-not-allowed',
        '/SearchCenter/GeoCoordinates/Google/Coordinates coordinates-malformed',
      ]],
      ['spec-emp.pull-evse-data.response.json', ['/content/0/OperatorId member-spelling']],
      ['charge-detail-record.legacy-nulls-and-strings.request.json', [
        '/ChargingStart member-missing', '/ChargingEnd member-missing', '/MeterValueStart number-as-text',
        '/MeterValueEnd number-as-text', '/ConsumedEnergy number-as-text',
      ]],
      ['charging-notification.error-legacy-space.request.json', ['/ErrorType value-spelling']],
    ])('names the mistakes of %s', (file, expected) => {
      expect(deviations[file]).toEqual(expect.arrayContaining([...expected]));
    });

    it.each(publicMessages)('classifies $file', ({ file, path: name }) => {
      const { kind } = classifyMessage(JSON.parse(String(publicFile(name))));
      const twins: Readonly<Record<string, MessageKind>> = {
        AuthorizeStop: 'AuthorizeStart', EvseStatusByOperatorId: 'EvseStatus', AuthorizeRemoteReservationStop: 'AuthorizeRemoteStop',
      };
      const expected = kindOf(file);
      expect([expected, twins[expected]]).toContain(kind);
    });
  });
}
