import { EmpError } from '@emp/kernel';
import { generateVaultSecrets, Vault } from './vault.ts';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const pepper = key(9);
const vault = Vault.fromKeys(`k1:${key(1)}`, pepper);

function errorOf(act: () => unknown): EmpError {
  try {
    act();
  } catch (error) {
    if (error instanceof EmpError) return error;
  }
  throw new Error('no EmpError was thrown');
}

describe('sealing', () => {
  it.each(['', '04A2B3C4D5E680', 'Ladesäule ⚡', 'x'.repeat(100_000)])('opens what it sealed (%#)', (text) => {
    expect(vault.open(vault.seal(text))).toBe(text);
  });

  it('names the key and hides the text, differently each time', () => {
    const sealed = vault.seal('04A2B3C4D5E680');
    expect(sealed).toMatch(/^k1\.[A-Za-z0-9_-]+$/);
    expect(sealed).not.toContain('04A2B3C4D5E680');
    expect(vault.seal('04A2B3C4D5E680')).not.toBe(sealed);
  });

  it('opens texts of an old key after a rotation, and seals with the new one', () => {
    const rotated = Vault.fromKeys(`k2:${key(2)},k1:${key(1)}`, pepper);
    expect(rotated.open(vault.seal('secret'))).toBe('secret');
    expect(rotated.seal('secret')).toMatch(/^k2\./);
    expect(errorOf(() => vault.open(rotated.seal('secret')))).toMatchObject({ slug: 'vault-key-unknown', retry: 'useless' });
  });

  it('notices an altered text, and one moved under another key id', () => {
    const sealed = vault.seal('secret');
    const altered = `${sealed.slice(0, 10)}${sealed[10] === 'A' ? 'B' : 'A'}${sealed.slice(11)}`;
    expect(errorOf(() => vault.open(altered)).slug).toBe('vault-text-altered');
    const twoNames = Vault.fromKeys(`k1:${key(1)},k0:${key(1)}`, pepper);
    expect(errorOf(() => twoNames.open(sealed.replace('k1.', 'k0.'))).slug).toBe('vault-text-altered');
  });

  it.each(['', 'k1', 'k1.', 'k1.AAAA', '.AAAA', 'plain text'])('refuses "%s" as not sealed', (text) => {
    expect(errorOf(() => vault.open(text)).slug).toBe('vault-text-malformed');
  });
});

describe('fingerprints', () => {
  it('are equal for equal texts only, within one domain', () => {
    const print = vault.fingerprint('uid', '04A2B3C4D5E680');
    expect(print).toMatch(/^[0-9a-f]{32}$/);
    expect(vault.fingerprint('uid', '04A2B3C4D5E680')).toBe(print);
    expect(vault.fingerprint('uid', '04A2B3C4D5E681')).not.toBe(print);
    expect(vault.fingerprint('evco', '04A2B3C4D5E680')).not.toBe(print);
  });

  it('do not change with the keys, but with the pepper', () => {
    const print = vault.fingerprint('evco', 'DE8EAATEST');
    expect(Vault.fromKeys(`k2:${key(2)}`, pepper).fingerprint('evco', 'DE8EAATEST')).toBe(print);
    expect(Vault.fromKeys(`k1:${key(1)}`, key(8)).fingerprint('evco', 'DE8EAATEST')).not.toBe(print);
  });

  it('stay what they are: stored ones hang on it', () => {
    expect(vault.fingerprint('uid', '04A2B3C4D5E680')).toBe('f0455b7a479c7284d3b7c213e850c378');
  });
});

describe('secrets', () => {
  it('fresh ones fit', () => {
    const { keys, pepper: fresh } = generateVaultSecrets();
    const local = Vault.fromKeys(keys, fresh);
    expect(local.open(local.seal('secret'))).toBe('secret');
  });

  it.each([
    ['', pepper, 'VAULT_KEYS, entry 1 is not "<key id>:<base64 of 32 bytes>"'],
    [key(1), pepper, 'VAULT_KEYS, entry 1 is not'],
    [`k1:${key(1)},k0:c2hvcnQ=`, pepper, 'VAULT_KEYS, entry 2 must be 32 bytes in base64, it is 5'],
    [`k1:${key(1)},k1:${key(2)}`, pepper, 'VAULT_KEYS names one key id twice'],
    ['k1:not base64!', pepper, 'VAULT_KEYS, entry 1 is not base64'],
    [`k1:${key(1)}`, '', 'VAULT_PEPPER must be 32 bytes'],
    [`k1:${key(1)}`, 'c2hvcnQ=', 'VAULT_PEPPER must be 32 bytes'],
  ])('malformed ones are named, not repeated (%#)', (keys, somePepper, expected) => {
    const { message, slug } = errorOf(() => Vault.fromKeys(keys, somePepper));
    expect(slug).toBe('vault-secret-invalid');
    expect(message).toContain(expected);
    expect(message).not.toContain(key(1));
    expect(message).not.toContain('c2hvcnQ');
  });
});
