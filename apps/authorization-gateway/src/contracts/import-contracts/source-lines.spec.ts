import { sourceLines, type SourceLine } from './source-lines.ts';

async function linesOf(...chunks: readonly (string | Uint8Array)[]): Promise<readonly SourceLine[]> {
  const stream = (async function* () {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  })();
  const lines: SourceLine[] = [];
  for await (const some of sourceLines(stream)) lines.push(...some);
  return lines;
}

describe('the lines of a stream', () => {
  it('are told by number, whatever ends them and wherever chunks are cut', async () => {
    const expected = [
      { number: 1, text: 'one' },
      { number: 2, text: 'zwölf' },
      { number: 4, text: 'four' },
    ];
    const bytes = Buffer.from('\uFEFFone\r\nzwölf\n\nfour');
    expect(await linesOf(bytes)).toEqual(expected);
    expect(await linesOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
    expect(await linesOf('one\n')).toEqual([{ number: 1, text: 'one' }]);
    expect(await linesOf('')).toEqual([]);
  });

  it('that are not UTF-8 or never end are told as such; the others stay', async () => {
    const latin1 = Buffer.from('M\xfcller\n', 'latin1');
    const endless = Array.from({ length: 20 }, () => 'x'.repeat(100_000));
    expect(await linesOf('one\n', latin1, ...endless, '\nlast')).toEqual([
      { number: 1, text: 'one' },
      { number: 2, text: '', fault: 'the line is not UTF-8' },
      { number: 3, text: '', fault: 'the line is longer than 1048576 bytes' },
      { number: 4, text: 'last' },
    ]);
    expect(await linesOf(...endless)).toEqual([expect.objectContaining({ number: 1, fault: expect.anything() })]);
  });
});
