import { sample, samples, sampleText } from '../../test/samples.ts';
import { classifyMessage, readReply, type MessageKind } from '../index.ts';

const html = '<html>\r\n<head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr>nginx</body></html>';
const fault = '{"extendedInfo":null,"message":"Error parsing/validating JSON.","validationErrors":[{"fieldReference":"providerID","errorMessage":"may not be null"}]}';

describe('readReply', () => {
  it('finds the message by its shape, whatever the status', () => {
    for (const status of [200, 201, 400]) {
      expect(readReply('Acknowledgement', status, 'application/json', sampleText('Acknowledgement.refused')))
        .toMatchObject({ shape: 'message', message: { Result: false, StatusCode: { Code: '510' } }, findings: [], rejected: [] });
    }
  });

  it('tells a bare status code from an acknowledgement', () => {
    const unauthorized = '{"StatusCode":{"Code":"017","Description":"Unauthorized Access","AdditionalInfo":null}}';
    expect(readReply('Acknowledgement', 401, 'application/json', unauthorized)).toMatchObject({ shape: 'status-code', statusCode: { Code: '017' } });
    expect(readReply('EvseDataPage', 403, 'application/json', '{"StatusCode":{"Code":"210"}}')).toMatchObject({ shape: 'status-code', statusCode: { Code: '210' } });
    expect(readReply('Acknowledgement', 200, 'application/json', '{"StatusCode":{"Code":"000"}}')).toMatchObject({ shape: 'message' });
    expect(readReply('Acknowledgement', 200, 'application/json', '{"Result":null,"StatusCode":{"Code":"510"}}')).toMatchObject({ shape: 'message' });
  });

  it('takes a page with a refusal and no content for a refusal', () => {
    const refusal = '{"content":null,"StatusCode":{"Code":"001","Description":"Hubject system error."},"number":0}';
    expect(readReply('EvseDataPage', 200, undefined, refusal)).toMatchObject({ shape: 'status-code', statusCode: { Code: '001' } });
  });

  it('reads a FaultBody', () => {
    expect(readReply('Acknowledgement', 400, 'application/json;charset=UTF-8', fault)).toMatchObject({
      shape: 'fault', fault: { message: 'Error parsing/validating JSON.', validationErrors: [{ fieldReference: 'providerID' }] },
    });
  });

  it.each([
    [html, 'HTTP 403, text/html: 403 Forbidden 403 Forbidden nginx'],
    ['', 'HTTP 403, text/html: empty body'],
    ['[]', 'HTTP 403, text/html: []'],
    ['{"error":"nothing of OICP"}', 'HTTP 403, text/html: {"error":"nothing of OICP"}'],
  ])('excerpts what is foreign: %j', (text, excerpt) => {
    expect(readReply('Acknowledgement', 403, 'text/html', text)).toEqual({ shape: 'foreign', excerpt });
  });

  it('cuts long excerpts', () => {
    const reply = readReply('Acknowledgement', 502, undefined, 'x'.repeat(5000));
    expect(reply.shape === 'foreign' && reply.excerpt.length).toBeLessThan(260);
  });

  it('reports the deviations of a message', () => {
    expect(readReply('EvseStatusById', 200, undefined, sampleText('EvseStatus.two'))).toMatchObject({ shape: 'message', findings: [{ erratum: 'E-02' }] });
  });
});

/** Kinds that no member distinguishes; the first of each is what is answered. */
const ALIKE: readonly (readonly MessageKind[])[] = [
  ['AuthorizationStart', 'AuthorizationStop'], ['AuthorizeStart', 'AuthorizeStop'], ['EvseStatus', 'EvseStatusByOperatorId'],
  ['AuthorizeRemoteStop', 'AuthorizeRemoteReservationStop'],
];

describe('classifyMessage', () => {
  it.each(samples())('recognises $name', ({ kind, text }) => {
    const expected = ALIKE.find((kinds) => kinds.includes(kind))?.[0] ?? kind;
    expect(classifyMessage(JSON.parse(text))).toMatchObject({ kind: expected, reason: expect.stringMatching(/\S/) as string });
  });

  it('says when it is guessing', () => {
    expect(classifyMessage(sample('PullEvseStatus.all'))).toMatchObject({ kind: 'PullEvseStatus', confidence: 'guess' });
    expect(classifyMessage(sample('AuthorizeStop.card'))).toMatchObject({ kind: 'AuthorizeStart', confidence: 'likely' });
    expect(classifyMessage({ content: [] })).toMatchObject({ kind: 'EvseDataPage', confidence: 'guess' });
    expect(classifyMessage({ StatusCode: { Code: '017' } })).toMatchObject({ kind: 'Acknowledgement', confidence: 'guess' });
  });

  it.each([null, 7, 'x', [], {}, { hello: 1 }, { content: [{ a: 1 }] }])('gives up on %j', (value) => {
    expect(classifyMessage(value)).toMatchObject({ kind: undefined, confidence: 'none' });
  });

  it('does not count nulls', () => {
    expect(classifyMessage({ ...sample('AuthorizeRemoteStop.app'), Identification: null })).toMatchObject({ kind: 'AuthorizeRemoteStop' });
  });
});
