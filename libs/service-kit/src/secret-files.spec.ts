import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { readConfig } from './config.ts';

const schema = z.object({ VAULT_KEYS: z.string(), PORT: z.string().default('1') });

describe('a secret in a file', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  const file = path.join(directory, 'keys');
  writeFileSync(file, 'k1:abc\n');
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is read as if it stood in the variable', () => {
    expect(readConfig(schema, { VAULT_KEYS_FILE: file })).toEqual({ VAULT_KEYS: 'k1:abc', PORT: '1' });
  });

  it.each([
    ['is given twice', { VAULT_KEYS: 'k0:abc', VAULT_KEYS_FILE: file }, /VAULT_KEYS and VAULT_KEYS_FILE are both given/],
    ['is not there', { VAULT_KEYS_FILE: path.join(directory, 'none') }, /VAULT_KEYS_FILE cannot be read: .*no such file/],
    ['is empty', { VAULT_KEYS_FILE: os.devNull }, /VAULT_KEYS is missing/],
  ])('that %s stops the start', (_, env, complaint) => {
    expect(() => readConfig(schema, env)).toThrow(complaint);
  });

  it('is read for secrets only', () => {
    expect(readConfig(schema, { VAULT_KEYS: 'k1:abc', PORT_FILE: file })).toEqual({ VAULT_KEYS: 'k1:abc', PORT: '1' });
  });
});
