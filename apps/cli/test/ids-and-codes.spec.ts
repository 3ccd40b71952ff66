import { emp } from './captured-io.ts';

describe('emp oicp id', () => {
  it('tells a person what an id is', async () => {
    expect(await emp('oicp id 04:4a:2d:aa:85:62:80')).toEqual({
      status: 1,
      err: '',
      out: `04:4a:2d:aa:85:62:80 is a UID, 7 bytes
  key         044A2DAA856280
  conformant  no, but understood
  reversed    806285AA2D4A04 (the same card, if a reader swapped the byte order)
  odd         separators: OICP wants the digits alone (E-19)
  odd         lower case: OICP wants upper case, and HBS refuses the other (E-19)
`,
    });
  });

  it('tells a program the same', async () => {
    const { status, out } = await emp('oicp id DE*AB7*E840*6487 --json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      text: 'DE*AB7*E840*6487',
      readings: [{ kind: 'EvseID', grammar: 'ISO 15118', key: 'DEAB7E8406487', conformant: true }],
      hints: [],
    });
  });

  it('says of an EvseID that it is too long', async () => {
    const { status, out } = await emp('oicp id DE*TNM*ETWL*HEDWIGLAUDIENRING*LS12001*0');
    expect([status, out]).toEqual([1, expect.stringContaining('at most 30 characters follow the E')]);
  });

  it('ends with status 1 for what is no id, and says why', async () => {
    const { status, out } = await emp('oicp id DE|8EO|Aet5e4|3');
    expect(status).toBe(1);
    expect(out).toMatch(/no id of OICP 2\.3\n {2}a \| separates nothing/);
  });

  it('colours only for a terminal', async () => {
    expect((await emp('oicp id 12345ABCD', { colours: true })).out).toContain('\u001b[31m');
    expect((await emp('oicp id 12345ABCD')).out).not.toContain('\u001b');
  });
});

describe('emp oicp codes', () => {
  it('lists all 31', async () => {
    const { status, out } = await emp('oicp codes');
    expect(status).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(31);
    expect(out).toMatch(/^000 {2}Success\./);
  });

  it('says what to do about one', async () => {
    const { status, out } = await emp('oicp codes 009');
    expect(status).toBe(0);
    expect(out).toMatch(/^009 {2}Data transaction error\.\n/);
    expect(out).toMatch(/told it +send one push after the other/);
  });

  it('knows that there are others', async () => {
    const { status, out } = await emp('oicp codes 401');
    expect(status).toBe(1);
    expect(out).toMatch(/integration guide adds it/);
  });
});
