import { NotJson } from './record-scanner.ts';
import { StatusReader, type OperatorRecords } from './status-reader.ts';

const answer = (spacing?: number): string => JSON.stringify({
  EvseStatuses: {
    OperatorEvseStatus: [
      { OperatorID: 'DE*ABC', OperatorName: 'A "quoted" \\ name, {with} [brackets] 🔌', EvseStatusRecord: [
        { EvseID: 'DE*ABC*E1', EvseStatus: 'Available' },
        { EvseID: 'DE*ABC*E"2\\', EvseStatus: 'Occupied' },
        { EvseID: null, EvseStatus: 'Occupied' },
      ] },
      { OperatorID: 'CH*XYZ', EvseStatusRecord: [{ EvseID: 'CH*XYZ*Eü1', EvseStatus: 'Unknown' }] },
      { OperatorID: 'AT*NIL', EvseStatusRecord: [] },
    ],
  },
  StatusCode: { Code: '000', Description: null },
}, null, spacing);

/** Feeds the text in pieces of so many bytes, as a socket would. */
function read(text: string, bytes: number, batchSize = 100): { batches: OperatorRecords[]; reader: StatusReader } {
  const reader = new StatusReader(batchSize);
  const decoder = new TextDecoder();
  const batches: OperatorRecords[] = [];
  const whole = new TextEncoder().encode(text);
  for (let at = 0; at < whole.length; at += bytes) {
    batches.push(...reader.push(decoder.decode(whole.slice(at, at + bytes), { stream: true })));
  }
  batches.push(...reader.end());
  return { batches, reader };
}

describe('StatusReader', () => {
  it.each([1, 2, 3, 7, 64, 100_000])('finds every record whatever the pieces: %i bytes', (bytes) => {
    for (const spacing of [undefined, 2]) {
      const { batches, reader } = read(answer(spacing), bytes);
      expect(batches).toEqual([
        { operatorId: 'DE*ABC', unreadable: 1, records: [
          { EvseID: 'DE*ABC*E1', EvseStatus: 'Available' },
          { EvseID: 'DE*ABC*E"2\\', EvseStatus: 'Occupied' },
        ] },
        { operatorId: 'CH*XYZ', unreadable: 0, records: [{ EvseID: 'CH*XYZ*Eü1', EvseStatus: 'Unknown' }] },
      ]);
      expect(reader.complete).toBe(true);
      expect(reader.statusCode?.Code).toBe('000');
    }
  });

  it('reads the spelling of national feeds', () => {
    const text = '{"EVSEStatuses":[{"EVSEStatusRecord":[{"EVSEStatus":"Available","EvseID":"CH*CCI*E22078"}],"OperatorID":"CH*CCC"}]}';
    expect(read(text, 5).batches).toEqual([
      { operatorId: 'CH*CCC', unreadable: 0, records: [{ EvseID: 'CH*CCI*E22078', EvseStatus: 'Available' }] },
    ]);
  });

  it('hands out batches before the operator has ended', () => {
    expect(read(answer(), 16, 1).batches.map((batch) => batch.records.length)).toEqual([1, 1, 0, 1]);
  });

  it('notices an answer that ends in the middle, wherever that is', () => {
    const whole = answer();
    for (let length = 1; length < whole.length; length += 1) {
      expect(read(whole.slice(0, length), 32).reader.complete).toBe(false);
    }
  });

  it.each(['<html><body>403</body></html>', '{"EvseStatuses":{]}', '[] []', 'null,'])('refuses what is not JSON: %s', (text) => {
    expect(() => read(text, 4)).toThrow(NotJson);
  });

  it('reads on and on, handing out as it goes', () => {
    const reader = new StatusReader(500);
    const record = '{"EvseID":"DE*ABC*E1234567","EvseStatus":"Available"},';
    reader.push('{"EvseStatuses":{"OperatorEvseStatus":[{"OperatorID":"DE*ABC","EvseStatusRecord":[');
    for (let piece = 0; piece < 200; piece += 1) {
      const records = reader.push(record.repeat(500)).flatMap((batch) => batch.records);
      expect(records).toHaveLength(500);
    }
  });
});
