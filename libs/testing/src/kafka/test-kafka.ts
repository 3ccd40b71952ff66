import { EmpError } from '@emp/kernel';

/**
 * `host:port,…` of the Kafka that all test files of a jest run share: the cluster in KAFKA_BROKERS, or one node that is
 * started when the first file asks. Throws `no-test-kafka` with the reason.
 */
export async function testKafka(): Promise<string> {
  const given = process.env['KAFKA_BROKERS'];
  if (given) return given;
  const door = process.env['EMP_TEST_KAFKA_URL'];
  if (door === undefined) {
    throw new EmpError('no-test-kafka', 'EMP_TEST_KAFKA_URL is not set: tests that need Kafka are named *.int.spec.ts or *.e2e.spec.ts', { retry: 'useless' });
  }
  const answer = await fetch(door);
  const text = await answer.text();
  if (answer.ok) return text;
  throw new EmpError('no-test-kafka', text, { retry: 'useless' });
}
