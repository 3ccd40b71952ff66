import { Worker } from 'node:worker_threads';
import type { MeteringRequest } from './metering-request.ts';
import { VerifierThreads } from './verifier-threads.ts';

/** A thread that answers each request with its first value, dies of `die`, and never answers `hang`. */
const SCRIPT = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (requests) => {
    for (const { values: [value] } of requests) {
      if (value === 'die') process.exit(1);
      if (value === 'throw') throw new Error('thrown');
      if (value === 'hang') for (;;);
    }
    parentPort.postMessage(requests.map(({ values: [value] }) => ({ verdict: 'valid', code: value })));
  });`;

const billed = {
  energyKwh: '', meterStartKwh: '', meterEndKwh: '', chargingStart: '', chargingEnd: '', sessionStart: '', sessionEnd: '',
};
const request = (value: string): MeteringRequest =>
  ({ values: [value], publicKey: null, encodingFormat: null, registeredKeys: [], billed });

async function outcomes(values: readonly string[], patienceMs = 60_000): Promise<readonly string[]> {
  const threads = new VerifierThreads(2, { make: () => new Worker(SCRIPT, { eval: true }), patienceMs });
  try {
    return (await threads.verify(values.map(request))).map(({ code }) => code);
  } finally {
    await threads.close();
  }
}

describe('verifying on threads', () => {
  it('answers in the order of the requests, however they were shared out', async () => {
    const values = Array.from({ length: 230 }, (_, number) => `v${number}`);
    expect(await outcomes(values)).toEqual(values);
  });

  it.each(['die', 'throw'])('costs only the record whose values make a thread %s', async (deadly) => {
    expect(await outcomes(['a', deadly, 'b'])).toEqual(['a', 'verifier-lost', 'b']);
  });

  it('costs only the record whose values make a thread hang', async () => {
    expect(await outcomes(['a', 'hang'], 500)).toEqual(['a', 'verifier-lost']);
  });

  it('has nothing to do with no requests', async () => {
    expect(await outcomes([])).toEqual([]);
  });
});
