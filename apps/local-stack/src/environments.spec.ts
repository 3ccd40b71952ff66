import { environmentsOf, SERVICES } from './environments.ts';
import { readPlaces } from './places.ts';

const SECRETS = { layout: 0, databasePassword: 'p', vaultKeys: 'k1:x', vaultPepper: 'y' };
const given = { KAFKA_BROKERS: 'kafka:9093', KAFKA_TLS: 'true', KAFKA_SASL_USERNAME: 'emp', KAFKA_SASL_PASSWORD: 'secret', HOME: '/' };

describe('the environments of the services', () => {
  it('say how a Kafka that others run lets them in', () => {
    const places = readPlaces(given);
    const environments = environmentsOf(places, SECRETS, { kind: 'kafka', address: 'kafka:9093', access: places.kafkaAccess });
    const { HOME: _, ...expected } = given;
    for (const service of SERVICES) expect(environments[service]).toMatchObject({ BROKER: 'kafka', ...expected });
    expect(environments.billing).not.toHaveProperty('HOME');
  });

  it('say nothing of Kafka on the log in PostgreSQL', () => {
    const environment = environmentsOf(readPlaces({}), SECRETS, { kind: 'postgres', address: 'postgresql://log' }).billing;
    expect(Object.keys(environment).filter((name) => name.startsWith('KAFKA'))).toEqual([]);
    expect(environment).toMatchObject({ BROKER: 'postgres', BROKER_URL: 'postgresql://log' });
  });
});
