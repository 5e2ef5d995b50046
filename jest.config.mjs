// One configuration for every test. A test's suffix tells what it costs:
//   .test.ts      a rule: no file, no process          (project "unit")
//   .int.test.ts  real Postgres, Kafka, folders        (project "integration")
//   .e2e.test.ts  real processes, as a user runs them  (project "e2e")
// tests/faults/*.slow.test.ts run with `npm run test:faults` only.
const shared = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  extensionsToTreatAsEsm: ['.ts'],
  // Source imports name the compiled file (`./x.js`); tests run the source itself.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@passbook/(api|chunker|cli|processor|reporter)$': '<rootDir>/services/$1/src/index.ts',
    '^@passbook/([a-z]+)$': '<rootDir>/packages/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['/dist/', '/.passbook/'],
  testEnvironment: 'node',
};

const slow = process.env.TEST_FAULTS === 'all' ? [] : ['\\.slow\\.test\\.ts$'];

export default {
  // Processes, Postgres and the tests take turns to wait: as many as there are cores.
  maxWorkers: '100%',
  // Longer than the deadlines of `until` (packages/testing), which say what did not come.
  testTimeout: 400_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,services,scripts}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.(int|e2e)\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{packages,services,tests}/**/*.int.test.ts'],
      globalSetup: '<rootDir>/tests/setup/start-servers.mjs',
      globalTeardown: '<rootDir>/tests/setup/stop-servers.mjs',
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/tests/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.test\\.ts$', ...slow],
      globalSetup: '<rootDir>/tests/setup/start-servers.mjs',
      globalTeardown: '<rootDir>/tests/setup/stop-servers.mjs',
    },
  ],
};
