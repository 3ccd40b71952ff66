import { generateSealingKey } from '@emp/vault';
import { command } from '../command-line/command.ts';

export const keysNew = command({
  options: {},
  details: `Put it in front of VAULT_KEYS of every service that has them, the old entries behind it, and start these
services anew: the first key seals, all open. Then npx emp vault rotate.`,
  run: ({ words: [id = `k${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`] }, io) => {
    io.out(`${generateSealingKey(id)}\n`);
    return Promise.resolve(0);
  },
});
