import { COMMANDS, GROUPS } from '../src/commands.ts';
import { emp } from './captured-io.ts';

describe('npx emp', () => {
  it('lists its commands when called without any, as wrong use', async () => {
    const { status, out, err } = await emp('');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/npx emp oicp validate <kind> <file>…/);
  });

  it.each(Object.keys(GROUPS))('lists the commands of "%s" when asked', async (group) => {
    const { status, out, err } = await emp(`${group} --help`);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(GROUPS[group]);
    for (const { words, usage } of COMMANDS)
      expect(out.includes([...words, usage].join(' ').trim())).toBe(words.join(' ').startsWith(group));
  });

  it.each(COMMANDS.map(({ words }) => words.join(' ')))('explains "%s" with every option it takes', async (words) => {
    const { status, out } = await emp(`${words} --help`);
    const command = await COMMANDS.find((each) => each.words.join(' ') === words)?.load();
    expect(status).toBe(0);
    for (const name of Object.keys(command?.options ?? {})) expect(out).toContain(`--${name}`);
  });

  it('says the same for "help oicp id" as for "oicp id --help"', async () => {
    expect(await emp('help oicp id')).toEqual(await emp('oicp id --help'));
  });

  it.each([
    ['oicp vlidate', /no command "emp oicp vlidate"; did you mean "validate"\?/],
    ['ocip id x', /did you mean "oicp"\?/],
    ['events dlq lst', /did you mean "list"\?/],
    ['oicp subscribe', /known are validate, /],
    ['oicp id x --jsn', /no option --jsn; did you mean --json\?/],
    ['oicp id', /<text> is missing/],
    ['oicp id a b', /one <text> is expected, 2 were given/],
    ['oicp validate ChargeDetailRecrd x.json', /did you mean ChargeDetailRecord\?/],
    ['oicp validate AuthorizeStart', /<file> is missing; - reads from stdin/],
    ['oicp validate AuthorizeStart - -', /stdin can be read once only/],
    ['oicp codes 17', /leading zeros count: 017/],
    ['events tail emp.crd.v1', /did you mean emp\.cdr\.v1\?/],
    ['events tail cdr --from yesterday', /--from is beginning or now/],
    ['events dlq replay cdr', /say which: --event/],
    ['events dlq replay cdr --all --reason x', /--all goes without a filter/],
  ])('refuses "%s" with the status of wrong use and says what is wrong', async (line, complaint) => {
    const { status, out, err } = await emp(line);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(complaint);
  });

  it('names a file that is not there', async () => {
    expect(await emp('oicp validate AuthorizeStart nowhere.json')).toEqual({
      status: 2,
      out: '',
      err: 'emp: nowhere.json cannot be read: there is no such file\n',
    });
  });
});
