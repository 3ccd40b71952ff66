import { readFileSync } from 'node:fs';
import { EmpError, messageOf } from '@emp/kernel';

/** Variables whose value may be in a file instead, as secrets are mounted: `<name>_FILE` names it. */
const SECRETS = ['VAULT_KEYS', 'VAULT_PEPPER', 'DATABASE_URL', 'BROKER_URL'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with the contents of those files, without blanks around them.
 * @throws EmpError `configuration-invalid` naming the variable whose file cannot be read, or that is given twice.
 */
export function withSecretFiles(env: Environment): Environment {
  const fromFiles = SECRETS.flatMap((name) => {
    const file = env[`${name}_FILE`];
    if (file === undefined || file === '') return [];
    if (env[name] !== undefined && env[name] !== '') throw unusable(`${name} and ${name}_FILE are both given: drop one`);
    return [[name, contentOf(name, file)] as const];
  });
  return { ...env, ...Object.fromEntries(fromFiles) };
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw unusable(`${name}_FILE cannot be read: ${messageOf(error)}`);
  }
}

const unusable = (message: string): EmpError => new EmpError('configuration-invalid', message, { retry: 'useless' });
