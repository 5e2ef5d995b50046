// What a machine can hold of the house rules. The direction of imports is in .dependency-cruiser.mjs.
import tseslint from 'typescript-eslint';

/** Only a service's config.ts (and the package that reads settings) may look at the environment. */
const environmentReaders = ['**/config.ts', 'tests/**', 'scripts/**', '**/*.test.ts', 'packages/testing/**'];

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.passbook/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.tests.json', './packages/*/tsconfig.json', './services/*/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read in config.ts.' },
      ],
      'no-console': 'error',
    },
  },
  {
    files: environmentReaders,
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
);
