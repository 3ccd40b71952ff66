import { spawnSync } from 'node:child_process';
import path from 'node:path';

const planted = [
  {
    violation: "a foreign service's database client",
    filePath: 'apps/billing/src/planted.ts',
    text: "import { createPrismaClient } from '@emp/prisma-cdr-ingest';\nexport const x = createPrismaClient;\n",
    rule: '@nx/enforce-module-boundaries',
  },
  {
    violation: 'an app that imports an app',
    filePath: 'apps/billing/src/planted.ts',
    text: "import { startPoiSync } from '@emp/poi-sync';\nexport const x = startPoiSync;\n",
    rule: '@nx/enforce-module-boundaries',
  },
  {
    violation: 'Nest in money',
    filePath: 'libs/money/src/planted.ts',
    text: "import { Injectable } from '@nestjs/common';\nexport const x = Injectable;\n",
    rule: '@nx/enforce-module-boundaries',
  },
  {
    violation: 'a platform library in a contract library',
    filePath: 'libs/events/src/planted.ts',
    text: "import { Database } from '@emp/database';\nexport const x = Database;\n",
    rule: '@nx/enforce-module-boundaries',
  },
  {
    violation: 'I/O in a domain folder',
    filePath: 'apps/billing/src/domain/planted.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    rule: 'no-restricted-imports',
  },
  {
    violation: 'a framework in a domain folder',
    filePath: 'apps/cdr-ingest/src/domain/planted.ts',
    text: "import { Injectable } from '@nestjs/common';\nexport const x = Injectable;\n",
    rule: 'no-restricted-imports',
  },
  {
    violation: 'a clock in a domain folder',
    filePath: 'apps/authorization-gateway/src/domain/planted.ts',
    text: 'export const x = (): number => Date.now();\n',
    rule: 'no-restricted-syntax',
  },
  {
    violation: 'the inside of another package',
    filePath: 'apps/billing/src/planted.ts',
    text: "import { Decimal } from '@emp/money/src/decimal.ts';\nexport const x = Decimal;\n",
    rule: 'no-restricted-imports',
  },
  {
    violation: 'a dependency of the kernel',
    filePath: 'libs/kernel/src/planted.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    rule: 'no-restricted-imports',
  },
];

const innocent = [
  { filePath: 'apps/billing/src/planted.ts', text: "import { createPrismaClient } from '@emp/prisma-billing';\nexport const x = createPrismaClient;\n" },
  { filePath: 'apps/local-stack/src/planted.ts', text: "import { startBilling } from '@emp/billing';\nexport const x = startBilling;\n" },
  { filePath: 'apps/billing/src/domain/planted.ts', text: "import { Decimal } from '@emp/money';\nexport const x = Decimal;\n" },
];

describe('architecture boundaries', () => {
  const files = [...planted, ...innocent].map(({ filePath, text }) => ({ filePath, text }));
  const lint = spawnSync(process.execPath, [path.resolve('tools/lint-texts.mjs')], {
    input: JSON.stringify(files),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const verdicts: readonly (readonly { ruleId: string; message: string }[])[] = lint.status === 0 ? JSON.parse(lint.stdout) : [];

  it('lints what was planted', () => {
    expect({ status: lint.status, stderr: lint.stderr }).toMatchObject({ status: 0 });
  });

  it.each(planted.map((plant, index) => [plant.violation, plant.rule, index] as const))('reports %s', (_violation, rule, index) => {
    expect(verdicts[index]?.map((message) => message.ruleId)).toContain(rule);
  });

  it('has nothing against what is allowed', () => {
    expect(verdicts.slice(planted.length)).toEqual(innocent.map(() => []));
  });
});
