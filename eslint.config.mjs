import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const SERVICES = ['authorization-gateway', 'cdr-ingest', 'poi-sync', 'billing'];

/** kernel ← contract ← platform ← apps; a database belongs to its service; only composition joins apps. */
const layers = [
  { sourceTag: 'layer:kernel', onlyDependOnLibsWithTags: ['layer:kernel'], bannedExternalImports: ['*'] },
  {
    sourceTag: 'layer:contract',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contract'],
    bannedExternalImports: ['@nestjs/*', 'pg', '@prisma/*', 'kafkajs', 'undici', 'fastify'],
  },
  { sourceTag: 'layer:platform', onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contract', 'layer:platform'] },
  { sourceTag: 'layer:prisma', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contract', 'layer:platform', 'layer:prisma'],
  },
  {
    sourceTag: 'layer:composition',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contract', 'layer:platform', 'layer:app', 'layer:composition'],
  },
  ...SERVICES.map((service) => ({
    allSourceTags: ['layer:app', `scope:${service}`],
    notDependOnLibsWithTags: SERVICES.filter((other) => other !== service).map((other) => `scope:${other}`),
  })),
  { allSourceTags: ['layer:app', 'scope:hbs-simulator'], notDependOnLibsWithTags: ['layer:prisma', 'layer:app'] },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', '.data/**', '.nx/**', 'coverage/**', 'prisma/*/prisma.config.ts'] },
  ...tseslint.configs.recommended,
  {
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints: layers }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      'no-restricted-imports': ['error', { patterns: [
        { group: ['@emp/*/*', '!@emp/service-kit/telemetry'], message: "Only a package's root is imported." },
      ] }],
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['libs/kernel/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['node:*', '@*/*'], message: 'The kernel depends on nothing.' }] }] },
  },
  {
    files: ['apps/*/src/domain/**/*.ts', 'libs/money/src/**/*.ts', 'libs/tariff/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [
        { group: ['node:*', 'fs', 'fs/*', 'http', 'crypto'], message: 'Rules are pure: no I/O.' },
        { group: ['@nestjs/*', '@prisma/*', 'pg', 'kafkajs', 'undici', 'fastify', 'rxjs'], message: 'Rules know no framework.' },
        {
          group: ['@emp/*', '!@emp/kernel', '!@emp/money', '!@emp/tariff', '!@emp/oicp', '!@emp/signed-metering'],
          message: 'Rules import kernel, money, tariff, oicp and their siblings.',
        },
        { group: ['../../*'], message: 'Rules import their siblings only.' },
      ] }],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-syntax': ['error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The instant is an argument.' },
        { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'The instant is an argument.' },
        { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'Randomness is an argument.' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts'],
    rules: { 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['tools/**/*.mjs', '*.mjs', 'apps/*/bin/*.mjs'],
    rules: { '@nx/enforce-module-boundaries': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
