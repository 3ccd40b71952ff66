import { metrics } from '@opentelemetry/api';
import { testDatabase, type TestDatabase } from '@emp/testing';
import { Job, createLog } from '../src/index.ts';

describe('a job', () => {
  let own: TestDatabase;
  beforeAll(async () => { own = await testDatabase(); });
  afterAll(() => own.close());

  /** Works until it is told to end. */
  const enduring = (begun: () => void): Job<unknown> => new Job({
    name: 'enduring', everyMs: 0, database: own.database, log: createLog('job', 'silent'), meter: metrics.getMeter('test'),
    work: (signal) => new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(String(signal.reason)));
      begun();
    }),
  });

  it('is told to end when its lock is lost, as another replica may begin', async () => {
    const job = enduring(() => void own.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
       WHERE locktype = 'advisory' AND datname = current_database()`,
    ));
    expect(await job.runNow()).toMatchObject({ outcome: 'done', detail: expect.stringMatching(/lost|terminat|away/i) as string });
  });

  it('is told to end when it is stopped', async () => {
    let stopped: Promise<void> | undefined;
    const job: Job<unknown> = enduring(() => { stopped = job.stop(); });
    expect(await job.runNow()).toMatchObject({ outcome: 'done', detail: expect.stringMatching(/AbortError/) as string });
    await stopped;
  });
});
