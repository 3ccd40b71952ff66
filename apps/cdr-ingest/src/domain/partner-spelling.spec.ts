import { operatorSpelling, operatorSpellings, providerSpellings } from './partner-spelling.ts';

describe('the ids of partners', () => {
  it.each([
    ['DE*SIM', 'DE*SIM'], ['de*sim', 'DE*SIM'], ['DE-SIM', 'DE*SIM'], ['DESIM', 'DE*SIM'], ['+49*536', '+49*536'], ['49*536', '+49*536'],
    ['DE*<b>', 'DE*<b>'], ['', ''],
  ])('name the operator of %s %s', (id, spelling) => {
    expect(operatorSpelling(id)).toBe(spelling);
  });

  it('are looked for in every spelling in which they may have come', () => {
    expect(operatorSpellings('desim')).toEqual(['desim', 'DE*SIM', 'de*sim', 'DE-SIM', 'de-sim', 'DESIM']);
    expect(operatorSpellings('+49*536')).toEqual(['+49*536', '49*536']);
    expect(providerSpellings('DE*EMP')).toContain('DE-EMP');
  });
});
