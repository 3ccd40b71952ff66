import { Worker } from 'node:worker_threads';
import type { MeteringRequest } from './metering-request.ts';
import { VerifierThreads } from './verifier-threads.ts';

/** A thread that answers each request with its first value, dies of `die`, and never answers `hang`. */
const SCRIPT = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', (requests) => {
    if (workerData) { Atomics.add(workerData, 0, 1); Atomics.notify(workerData, 0); }
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

  it('gives what lay behind a deadly record to another thread', async () => {
    const values = Array.from({ length: 700 }, (_, number) => (number === 3 ? 'die' : `v${number}`));
    expect(await outcomes(values)).toEqual(values.map((value) => (value === 'die' ? 'verifier-lost' : value)));
  });

  it('goes on with what lies with a thread while the event loop is busy', async () => {
    const taken = new Int32Array(new SharedArrayBuffer(4));
    const make = (): Worker => new Worker(SCRIPT, { eval: true, workerData: taken });
    const threads = new VerifierThreads(1, { make, patienceMs: 60_000 });
    try {
      await threads.verify([request('first')]);
      const answers = threads.verify(Array.from({ length: 250 }, (_, number) => request(`v${number}`)));
      // Nothing else runs here until the thread has taken five portions more.
      for (let seen = 1; seen < 6; seen = Atomics.load(taken, 0)) {
        if (Atomics.wait(taken, 0, seen, 20_000) === 'timed-out') throw new Error(`the thread took ${seen} portions and stopped`);
      }
      expect(await answers).toHaveLength(250);
    } finally {
      await threads.close();
    }
  });

  it('leaves nobody waiting when it is closed', async () => {
    const threads = new VerifierThreads(1, { make: () => new Worker(SCRIPT, { eval: true }), patienceMs: 60_000 });
    const answers = threads.verify(Array.from({ length: 1_000 }, () => request('hang')));
    await threads.close();
    await expect(answers).rejects.toThrow(/closed|ended/);
  });

  it('costs only the record whose values make a thread hang', async () => {
    expect(await outcomes(['a', 'hang'], 1_500)).toEqual(['a', 'verifier-lost']);
  });

  it('has nothing to do with no requests', async () => {
    expect(await outcomes([])).toEqual([]);
  });
});
