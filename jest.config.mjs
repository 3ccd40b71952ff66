import { obtainable } from './tools/kafka/jars.mjs';

/** Three kinds of tests by suffix: `.spec` touches nothing, `.int.spec` an adapter's real partner, `.e2e.spec` everything. */
const base = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json', 'node'],
  transform: { '^.+\\.ts$': ['@swc/jest', {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
      target: 'es2022',
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  }] },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@emp/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
};

const kind = (displayName, testMatch, more = {}) => ({ ...base, displayName, testMatch, ...more });

const withPostgres = {
  setupFilesAfterEnv: ['<rootDir>/libs/testing/jest/patience.mjs'],
  globalSetup: '<rootDir>/libs/testing/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/jest/global-teardown.mjs',
};

/** Tests on Kafka are there if a cluster is named or this machine can run one; if CI insists, they are there to fail. */
const ownKafka = process.env.REQUIRE_KAFKA === '1' || obtainable();
const withoutKafka = [
  ...(ownKafka ? [] : ['/kafka/own-cluster[^/]+$']),
  ...(ownKafka || process.env.KAFKA_BROKERS ? [] : ['/kafka/[^/]+\\.int\\.spec\\.ts$']),
];
const integration = { ...withPostgres, testPathIgnorePatterns: ['/node_modules/', ...withoutKafka] };

export default {
  reporters: ['default', '<rootDir>/tools/closing-line-reporter.mjs'],
  maxWorkers: 2,
  projects: [
    kind('unit', ['**/*.spec.ts'], { testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'] }),
    kind('integration', ['**/*.int.spec.ts'], integration),
    kind('end-to-end', ['**/*.e2e.spec.ts'], withPostgres),
  ],
};
