import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { isMessageKind, MESSAGE_KINDS } from '@emp/oicp';
import { ourAnswer } from '../src/oicp/our-answer.ts';
import { emp } from './captured-io.ts';

const SAMPLES = new URL('../../../libs/oicp/samples/', import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, SAMPLES), 'utf8');
const names = readdirSync(SAMPLES).filter((name) => isMessageKind(name.split('.')[0] ?? ''));
const CARD = '04B7C1D2E35A80';

/** Kinds that cannot be told apart by their members. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  AuthorizationStop: 'AuthorizationStart',
  AuthorizeStop: 'AuthorizeStart',
  AuthorizeRemoteReservationStop: 'AuthorizeRemoteStop',
  EvseStatusByOperatorId: 'EvseStatus',
};

/** Card numbers, contract ids and PINs of a message, however deep. */
function secretsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    ['UID', 'EvcoID', 'PIN', 'Value', 'PrintedNumber'].includes(name) && typeof member === 'string'
      ? [member]
      : secretsOf(member),
  );
}

describe('emp oicp validate', () => {
  it('has nothing against a conformant record', async () => {
    const files = { 'record.json': sample('ChargeDetailRecord.nothing-charged.json') };
    expect(await emp('oicp validate ChargeDetailRecord record.json', { files })).toEqual({
      status: 0,
      out: 'record.json: ChargeDetailRecord, nothing to object to\n',
      err: '',
    });
  });

  it('names each deviation with severity, pointer, code, message and erratum, the gravest first', async () => {
    const files = { 'old.json': sample('ChargeDetailRecord.dirty-old-operator.json') };
    const { status, out } = await emp('oicp validate cdr old.json', { files });
    expect(status).toBe(1);
    expect(out).toMatch(/^old\.json: ChargeDetailRecord, \d errors?, \d warnings?/);
    expect(out).toMatch(/\n {2}error +\/ChargingStart +member-missing +.*absent or null.* \[E-32\]\n/);
    expect(out).toMatch(/\n {2}warning +\/MeterValueStart +number-as-text /);
    expect(out.indexOf('  error ')).toBeLessThan(out.indexOf('  warning '));
  });

  it('takes warnings for violations when told to be strict', async () => {
    const stdin = sample('ChargeDetailRecord.nothing-charged.json').replace(/("ConsumedEnergy": )([\d.]+)/, '$1"$2"');
    const lenient = await emp('oicp validate cdr -', { stdin });
    expect(lenient.status).toBe(0);
    expect(lenient.out).toContain('1 warning');
    expect((await emp('oicp validate cdr --strict', { stdin })).status).toBe(1);
  });

  it('reads several files and tells a program about all of them', async () => {
    const files = { 'a.json': sample('AuthorizeStart.card.json'), 'b.json': '{"SessionID"' };
    const { status, out } = await emp('oicp validate AuthorizeStart a.json b.json --json', { files });
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { file: 'a.json', kind: 'AuthorizeStart', readable: true, findings: [] },
      { file: 'b.json', readable: false, findings: [{ code: 'not-json', severity: 'error', pointer: '' }] },
    ]);
  });

  it('says where a text stops being JSON, and nothing of what is there', async () => {
    const stdin = `{\n  "Identification": { "RFIDMifareFamilyIdentification": { "UID": '${CARD}' } }\n}`;
    const { status, out } = await emp('oicp validate AuthorizeStart', { stdin });
    expect(status).toBe(1);
    expect(out).toContain('line 2, column 66: something else is there; expected: a value');
    expect(out).not.toContain(CARD);
    expect((await emp('oicp explain', { stdin })).out).toContain('no JSON document: line 2, column 66');
  });

  it('warns of a member that is there twice', async () => {
    const stdin = '{"Result":true,"Result":false,"StatusCode":{"Code":"210"}}';
    const { status, out } = await emp('oicp validate Acknowledgement --strict', { stdin });
    expect(status).toBe(1);
    expect(out).toMatch(/\n {2}warning +\/Result +member-repeated /);
  });

  it.each(['\uFEFF', ''])('reads UTF-16, as the shell of Windows writes it, with mark %j or without', async (mark) => {
    const text = Buffer.from(`${mark}${sample('Acknowledgement.done.json')}`, 'utf16le');
    for (const bytes of [text, Buffer.from(text).swap16()]) {
      const { status, out } = await emp('oicp validate Acknowledgement a.json', { files: { 'a.json': bytes } });
      expect(status).toBe(0);
      expect(out).toContain('not UTF-8: read as UTF-16');
    }
  });

  it('shows the gravest forty of many findings, and counts the others', async () => {
    const record = JSON.parse(sample('EvseDataRecord.dirty.json')) as object;
    const page = { ...(JSON.parse(sample('EvseDataPage.one.json')) as object), content: Array(50).fill(record) };
    const files = { 'page.json': JSON.stringify(page) };
    const short = await emp('oicp validate EvseDataPage page.json', { files });
    expect(short.out.trimEnd().split('\n')).toHaveLength(42);
    expect(short.out).toMatch(/\n {2}… and \d+ more \(--all shows them\): \d+ [a-z-]+/);
    const all = await emp('oicp validate EvseDataPage page.json --all', { files });
    expect(all.out).not.toContain('… and');
  });

  it('says that one record of a page is lost and the others are not', async () => {
    const page = JSON.parse(sample('ChargeDetailRecordPage.one.json')) as { content: unknown[] };
    const files = { 'page.json': JSON.stringify({ ...page, content: [...page.content, 'nonsense'] }) };
    const { status, out } = await emp('oicp validate ChargeDetailRecordPage page.json', { files });
    expect(status).toBe(1);
    expect(out).toMatch(/1 record of a list cannot be read, the others are unharmed/);
    expect(out).toContain('/content/1');
  });

  it('reads what is not UTF-8, and says so', async () => {
    const files = { 'latin.json': Buffer.from(JSON.stringify({ message: 'schön' }), 'latin1') };
    expect((await emp('oicp validate FaultBody latin.json', { files })).out).toMatch(/read as ISO 8859-1/);
  });
});

describe('emp oicp explain', () => {
  it.each(names)('knows %s by its members', async (name) => {
    const kind = name.split('.')[0] ?? '';
    const { out } = await emp(`oicp explain ${name}`, { files: { [name]: sample(name) } });
    expect(out.split('\n')[0]).toBe(`${name}: ${LOOK_ALIKES[kind] ?? kind}`);
    expect(out).toMatch(/ {2}we would\n {4}- /);
  });

  it.each(names)('never shows a card number, contract id or PIN of %s', async (name) => {
    const files = { [name]: sample(name) };
    const said = await Promise.all([
      emp(`oicp explain ${name} --all`, { files }),
      emp(`oicp explain ${name} --json`, { files }),
      emp(`oicp validate ${name.split('.')[0] ?? ''} ${name} --json`, { files }),
    ]);
    for (const secret of secretsOf(JSON.parse(sample(name)))) {
      for (const { out, err } of said) expect(out + err).not.toContain(secret);
    }
  });

  it('tells who asks, what is wrong, and how we would answer', async () => {
    const files = { 'tap.json': sample('AuthorizeStart.card.json') };
    const { status, out } = await emp('oicp explain tap.json', { files });
    expect(status).toBe(0);
    expect(out).toMatch(/belongs to +AuthorizeStart, HBS → EMP, POST \/charging\/v21\/operators\/\{operatorID\}/);
    expect(out).toMatch(/driver +a card \(its number is not shown\)/);
    expect(out).toMatch(/unknown: NotAuthorized 102 at once/);
  });

  it('does not look a UID up that is none', async () => {
    const files = { 'tap.json': sample('AuthorizeStart.card.json').replace(CARD, '12345ABCD') };
    expect((await emp('oicp explain tap.json', { files })).out).toMatch(/the UID is none, so no card of ours has it/);
  });

  it('does not show an id that holds something else', async () => {
    const files = { 'tap.json': sample('AuthorizeStart.card.json').replace('DE*SIM*E0001*1', CARD) };
    const { out } = await emp('oicp explain tap.json', { files });
    expect(out).not.toContain(CARD);
    expect(out).toMatch(/EVSE +not shown: it is none/);
  });

  it('believes the person who knows what it is', async () => {
    const files = { 'stop.json': sample('AuthorizeStop.card.json') };
    expect((await emp('oicp explain stop.json', { files })).out).toMatch(/AuthorizeStop looks the same \(--kind/);
    const { out } = await emp('oicp explain stop.json --kind AuthorizeStop', { files });
    expect(out).toMatch(/^stop\.json: AuthorizeStop\n/);
    expect(out).toMatch(/find the session by its SessionID/);
  });

  it('says what to do about a refusal', async () => {
    const stdin = '{"StatusCode":{"Code":"017","Description":"Unauthorized Access","AdditionalInfo":null}}';
    const { out } = await emp('oicp explain -', { stdin });
    expect(out).toMatch(/status code +017 Unauthorized Access\./);
    expect(out).toMatch(/- 017: do not repeat: check certificate/);
  });

  it('does not send what is not conformant', async () => {
    const stdin = sample('AuthorizeRemoteStart.app.json').replace('RemoteIdentification', 'QRCodeIdentification');
    const { status, out } = await emp('oicp explain -', { stdin });
    expect(status).toBe(1);
    expect(out).toMatch(/not send it/);
  });

  it.each([
    ['<html><h1>403 Forbidden</h1><hr>nginx</html>', /not white-listed/],
    ['<html><title>400 The SSL certificate error</title></html>', /refuses the client certificate/],
    ['', /nothing is there/],
    ['[1, 2]', /not a JSON object/],
    ['{"hello": "world"}', /no kind of message has these members/],
  ])('says what %j is instead of a message', async (stdin, reason) => {
    const { status, out } = await emp('oicp explain -', { stdin });
    expect(status).toBe(1);
    expect(out).toMatch(/^stdin: no message of OICP 2\.3, /);
    expect(out).toMatch(reason);
  });

  it.each([
    ['feed.national-evse-data.json', /national feed, EVSE data\n +records +1 of 1 operator\n +unreadable +2\n(.*\n)* +error +member-missing +5\n/],
    ['feed.national-evse-status.json', /national feed, EVSE status\n +records +2 of 1 operator\n +unreadable +1\n(.*\n)* +error +member-missing +1\n/],
  ])('counts %s through, packed or not', async (name, expected) => {
    const text = sample(name);
    for (const content of [text, gzipSync(text)]) {
      const { status, out } = await emp(`oicp explain ${name}`, { files: { [name]: content } });
      expect({ status, out }).toEqual({ status: 1, out: expect.stringMatching(expected) as string });
    }
  });

  it.each(MESSAGE_KINDS)('has an answer to a %s that can be read and to one that cannot', (kind) => {
    expect(ourAnswer(kind, { message: { StatusCode: { Code: '000' } }, conformant: true }).join()).toMatch(/\w/);
    expect(ourAnswer(kind, { message: undefined, conformant: false }).join()).toMatch(/\w/);
  });
});

describe('emp oicp endpoints and errata', () => {
  it('lists every operation with URL, limit, time-out, retry rule and direction', async () => {
    const { status, out } = await emp('oicp endpoints --role emp --env qa');
    expect(status).toBe(0);
    expect(out).toMatch(/AuthorizeRemoteStart +EMP → HBS +100\/min +68 s +never repeat blindly/);
    expect(out).toContain(
      'POST https://service-qa.hubject.com/api/oicp/charging/v21/providers/{providerID}/authorize-remote/start',
    );
    expect(out).toMatch(/AuthorizeStart +HBS → EMP +200\/min +3 s +HBS decides/);
    expect(out).toContain('POST https://your.host/api/oicp/charging/v21/operators/{operatorID}/authorize/start');
  });

  it('means production, unless told', async () => {
    const { out } = await emp('oicp endpoints --json');
    const urls = (JSON.parse(out) as { url: string; direction: string }[])
      .filter(({ direction }) => direction === 'emp-to-hbs')
      .map(({ url }) => new URL(url).host);
    expect(new Set(urls)).toEqual(new Set(['service.hubject.com']));
  });

  it.each(['--env test', '--role cpo', 'extra'])('refuses "%s"', async (words) => {
    expect((await emp(`oicp endpoints ${words}`)).status).toBe(2);
  });

  it.each(['E-29', 'e29', '29'])('explains the erratum %s', async (id) => {
    const { status, out } = await emp(`oicp errata ${id}`);
    expect(status).toBe(0);
    expect(out).toMatch(/^E-29 {2}ChargeDetailRecord\n {2}disagreement +MeterValueInBetween/);
    expect(out).toMatch(/we read +.*\n +we send +/);
  });

  it('lists all errata', async () => {
    expect((await emp('oicp errata')).out.trimEnd().split('\n')).toHaveLength(61);
  });

  it('knows where the register ends', async () => {
    const out = 'E-99 is not in the register, which ends with E-61\n';
    expect(await emp('oicp errata 99')).toMatchObject({ status: 1, out });
    expect((await emp('oicp errata many')).status).toBe(2);
  });
});
