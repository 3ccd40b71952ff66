import { z } from 'zod';

/** Who may call an API. Part of the common variables. */
export const accessVariables = {
  API_KEYS: z.string().optional().describe('<name>:<scope>[+<scope>]:<SHA-256 of the key in hex>[,…]'),
  API_KEYS_FILE: z.string().optional().describe('the same, one a line; read again when it changes'),
  JWT_ISSUER: z.string().optional().describe('who signs tokens: their iss'),
  JWT_AUDIENCE: z.string().optional().describe('whom tokens are for: their aud'),
  JWT_JWKS_URL: z.url().optional().describe("the issuer's key set; https, or http on loopback"),
} as const;

export type AccessConfig = z.infer<z.ZodObject<typeof accessVariables>> & { readonly HOST: string };
