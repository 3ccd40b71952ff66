import { FindingTally, findingsByRecord, gatherFindings, locateInPage } from './finding-tally.ts';

describe('findings', () => {
  it('of a record are gathered by code, with every place', () => {
    const gathered = gatherFindings([
      { code: 'number-as-text', pointer: '/ChargingFacilities/0/Voltage' },
      { code: 'member-missing', pointer: '/Plugs' },
      { code: 'number-as-text', pointer: '/ChargingFacilities/0/Amperage' },
    ]);
    expect(JSON.stringify(gathered)).toBe(
      '{"member-missing":["/Plugs"],"number-as-text":["/ChargingFacilities/0/Voltage","/ChargingFacilities/0/Amperage"]}');
  });

  it('are counted by records that have them, the most frequent first', () => {
    const tally = new FindingTally();
    tally.add({ rare: ['/a', '/b', '/c'] });
    tally.add({ common: ['/a'] });
    tally.add({ common: ['/a'] });
    expect(JSON.stringify(tally)).toBe('{"common":2,"rare":1}');
  });

  it('of a page find their records, those of the page itself none', () => {
    expect(locateInPage('/content/17/Address/Country')).toEqual({ index: 17, pointer: '/Address/Country' });
    expect(locateInPage('/content/17')).toEqual({ index: 17, pointer: '' });
    expect(locateInPage('/totalPages')).toBeNull();
    const byRecord = findingsByRecord([
      { code: 'a', pointer: '/content/3/X' }, { code: 'b', pointer: '/last' }, { code: 'c', pointer: '/content/3/Y' },
    ]);
    expect([...byRecord]).toEqual([[3, [{ code: 'a', pointer: '/X' }, { code: 'c', pointer: '/Y' }]]]);
  });
});
