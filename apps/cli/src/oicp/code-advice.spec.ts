import { STATUS_CODES } from '@emp/oicp';
import { CODE_ADVICE } from './code-advice.ts';

it('has advice for each of the 31 codes', () => {
  expect(Object.keys(CODE_ADVICE).sort()).toEqual(Object.keys(STATUS_CODES).sort());
});
