import { contentText, differingMembers, recordContent, type RecordContent } from './record-content.ts';

const contentOf = (text: string): RecordContent => {
  const content = recordContent(text);
  if (!content) throw new Error(`not readable: ${text}`);
  return content;
};
const same = (one: string, other: string): boolean => contentText(contentOf(one)) === contentText(contentOf(other));

describe('the content of a record', () => {
  it.each([
    ['the order of members and blanks', '{"a":1,"b":{"c":"x","d":2}}', '{ "b": { "d": 2, "c": "x" }, "a": 1 }'],
    ['trailing zeros and exponents', '{"ConsumedEnergy":11}', '{"ConsumedEnergy":1.1000e1}'],
    ['decimals written as text (E-29)', '{"ConsumedEnergy":10.5,"MeterValueStart":"0.0"}', '{"ConsumedEnergy":"10.50","MeterValueStart":0}'],
    ['the ways to say nothing', '{"a":1}', '{"a":1,"b":null,"c":"","d":[],"e":{"f":null}}'],
    ['both spellings of HubProviderID (E-28)', '{"HubProviderID":"DE-HUB"}', '{"HubProviderId":"DE-HUB"}'],
    ['both shapes of the values in between (E-29)', '{"MeterValueInBetween":[1,2.5]}', '{"MeterValueInBetween":{"meterValues":["1.0",2.50]}}'],
    ['the case of the SessionID', '{"SessionID":"B2688855-7F00"}', '{"SessionID":" b2688855-7f00"}'],
    ['the notation of a small number', '{"ConsumedEnergy":0.0000001,"a":1}', '{"ConsumedEnergy":1e-7,"a":10e-1}'],
    ['the sign of zero', '{"a":0,"b":1e1}', '{"a":-0,"b":10}'],
    ['zeros that a double does not need', '{"a":1.5}', '{"a":1.50000000000000000000}'],
    ['escapes', '{"a":"caf\\u00e9"}', '{"a":"café"}'],
  ])('is not touched by %s', (_what, one, other) => {
    expect(same(one, other)).toBe(true);
  });

  it.each([
    ['another energy', '{"ConsumedEnergy":11}', '{"ConsumedEnergy":11.001}'],
    ['digits that a binary fraction would lose', '{"ConsumedEnergy":0.1}', '{"ConsumedEnergy":0.1000000000000000055511151231257827}'],
    ['numbers that a double takes for one', '{"a":[9007199254740993,1e400]}', '{"a":[9007199254740992,1e500]}'],
    ['the case of a text', '{"PartnerProductID":"dc"}', '{"PartnerProductID":"DC"}'],
    ['the order of signed values', '{"SignedMeteringValues":["a","b"]}', '{"SignedMeteringValues":["b","a"]}'],
    ['blanks within a signed value', '{"s":"OCMF|{} "}', '{"s":"OCMF|{}"}'],
    ['a member the specification does not know', '{"a":1}', '{"a":1,"new":true}'],
  ])('changes with %s', (_what, one, other) => {
    expect(same(one, other)).toBe(false);
  });

  it('names the members that differ, and never their values', () => {
    const one = contentOf('{"ConsumedEnergy":1,"Identification":{"RFIDMifareFamilyIdentification":{"UID":"04A2B3C4D5E680"}},"a/b":"x"}');
    const other = contentOf('{"ConsumedEnergy":2,"Identification":{"RFIDMifareFamilyIdentification":{"UID":"04A2B3C4D5E681"}},"EvseID":"E"}');
    expect(differingMembers(one, other)).toEqual([
      '/ConsumedEnergy', '/EvseID', '/Identification/RFIDMifareFamilyIdentification/UID', '/a~1b',
    ]);
  });

  it.each([['not JSON', '{"a":'], ['nothing', ''], ['an unclosed text of escaped quotes', `"${'\\"'.repeat(200_000)}`]])(
    'does not exist for %s', (_what, text) => {
      expect(recordContent(text)).toBeUndefined();
    },
  );

  it('refuses what is nested deeper than any message', () => {
    expect(recordContent(`${'['.repeat(5_000)}1${']'.repeat(5_000)}`)).toBeUndefined();
  });
});
