import { createHash } from 'node:crypto';
import { EmpError } from '@emp/kernel';
import { ApiKeys } from './api-keys.ts';

const sha = (key: string): string => createHash('sha256').update(key).digest('hex');

describe('API keys', () => {
  it('are found by their hash, with the name and scopes they were given', () => {
    const keys = ApiKeys.parse(
      `# ours\nbilling:read:${sha('one')}\n\nshop:read+write:${sha('two').toUpperCase()} # the shop`,
      'API_KEYS_FILE',
    );
    expect(keys.size).toBe(2);
    const shop = keys.callerWith('two');
    expect(shop).toMatchObject({ name: 'shop', by: 'api-key' });
    expect([shop?.has('read'), shop?.has('write'), shop?.has('secrets')]).toEqual([true, true, false]);
    expect(keys.callerWith('one')?.has('write')).toBe(false);
    expect(keys.callerWith('three')).toBeUndefined();
    expect(keys.callerWith(sha('one'))).toBeUndefined();
  });

  it('may stand in one line', () => {
    expect(ApiKeys.parse(`a:read:${sha('one')}, b:write:${sha('two')}`, 'API_KEYS').callerWith('two')?.name).toBe('b');
  });

  it.each([
    [`shop:read:s3cr3t-key`, 'API_KEYS, entry 1 does not end in the SHA-256 of the key (64 hex digits), never the key'],
    [`shop:read:${sha('s3cr3t-key')}:more`, 'API_KEYS, entry 1 does not end in'],
    [`shop::${sha('s3cr3t-key')}`, 'API_KEYS, entry 1: scopes are expected after the name, e.g. read+write'],
    [`a:read:${sha('x')},s3cr3t key:read:${sha('y')}`, 'API_KEYS, entry 2 does not begin with a name'],
    [`a:read:${sha('x')},a:write:${sha('y')}`, 'API_KEYS, entry 2 has the name of an earlier one'],
  ])('malformed ones are named by their place, never repeated (%#)', (text, message) => {
    const error = ((): unknown => {
      try {
        return ApiKeys.parse(text, 'API_KEYS');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(EmpError);
    expect((error as EmpError).slug).toBe('configuration-invalid');
    expect((error as EmpError).message).toContain(message);
    expect((error as EmpError).message).not.toContain('s3cr3t');
  });
});
