import { compare, hash } from 'bcrypt';

/** Around 60 ms of a core: a PIN has few digits, the limit of attempts protects it, not this. */
const COST = 10;

/** As OICP §7.5 names it. */
export const PIN_HASH_FUNCTION = 'Bcrypt';

/** In a thread of Node's pool, off the event loop. `$2y$` is PHP's name for what everybody else calls `$2b$`. */
export const pinFits = (pin: string, hashed: string): Promise<boolean> =>
  compare(pin, hashed.replace(/^\$2y\$/, '$2b$'));

export const hashPin = (pin: string): Promise<string> => hash(pin, COST);
