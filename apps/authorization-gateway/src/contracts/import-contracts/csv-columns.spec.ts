import { CsvReader } from './csv-columns.ts';

const columns = { names: ['uid', 'contractId', 'status', 'validUntil'], required: ['uid', 'contractId'] };
const reader = (header: string): CsvReader => {
  const read = CsvReader.of(header, columns);
  if (typeof read === 'string') throw new Error(read);
  return read;
};

describe('a CSV file', () => {
  it.each([
    ['uid,contractId,status', '04A2,DE-EMP-C1,active'],
    ['UID;ContractID;status', '04A2; DE-EMP-C1 ;active'],
    ['"uid";"contractId";"status"', '"04A2";"DE-EMP-C1";"active"'],
    ['status,contractId,uid', 'active,"DE-EMP-C1",04A2'],
  ])('is read by its header: %s', (header, line) => {
    expect(reader(header).row(line)).toEqual({ uid: '04A2', contractId: 'DE-EMP-C1', status: 'active' });
  });

  it('keeps delimiters and quotes inside of quotes; an empty value is absent', () => {
    expect(reader('uid;contractId;status').row('"a;b";"say ""no""";')).toEqual({ uid: 'a;b', contractId: 'say "no"' });
  });

  it.each([
    ['04A2', 'has 1 values instead of 2'],
    ['04A2,a,b', 'has 3 values instead of 2'],
    ['"04A2,a', 'a quoted value does not end on its line, or goes on after its end'],
    ['"04A2"x,a', 'a quoted value does not end on its line, or goes on after its end'],
  ])('refuses the line %s', (line, reason) => {
    expect(reader('uid,contractId').row(line)).toBe(reason);
  });

  it.each([
    ['04A2B3C4D5E680,DE-EMP-C1', /^column 1 of the header is not known: a header with uid, contractId is expected/],
    ['uid,status', /^the header lacks contractId: /],
    ['uid,contractId,uid', /^the header names a column twice$/],
    ['"uid,contractId', /^a header with uid, contractId is expected/],
  ])('is refused without a header, which is not repeated (%#)', (header, reason) => {
    const read = CsvReader.of(header, columns);
    expect(read).toMatch(reason);
    expect(read).not.toContain('04A2B3C4');
  });
});
