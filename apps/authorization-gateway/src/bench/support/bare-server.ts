/** The baseline: what Node itself can do with these requests, one after JSON.parse. Prints its URL. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({
  SessionID: '5e551000-0000-4000-8000-000000000001',
  CPOPartnerSessionID: 'cpo-4711',
  AuthorizationStatus: 'NotAuthorized',
  StatusCode: { Code: '102', Description: 'RFID Authentication failed – invalid UID.' },
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ANSWER) });
    response.end(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
