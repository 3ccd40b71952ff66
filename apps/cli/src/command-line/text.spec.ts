import { ink, printable, table } from './text.ts';

describe('text for a terminal', () => {
  it('aligns columns by what is seen, colours aside', () => {
    const { red } = ink(true);
    expect(
      table([
        [red('error'), '/a', 'one'],
        ['note', '/bcd', 'two'],
      ]).replaceAll(/\u001b\[\d+m/g, ''),
    ).toBe('error  /a    one\nnote   /bcd  two\n');
  });

  it('has no colours when none are wanted', () => {
    expect(ink(false).red('error')).toBe('error');
  });

  it('shows control characters from outside as dots, so that they cannot move the cursor', () => {
    expect(printable('a\u001b[2Jb\nc')).toBe('a·[2Jb·c');
  });
});
