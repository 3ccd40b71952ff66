/** What this service provides to its own parts besides those of the service kit. */
export const LIMITS = Symbol('LIMITS');
export const VAULT = Symbol('VAULT');
export const PRISMA = Symbol('PRISMA');
export const VERIFIER = Symbol('VERIFIER');
