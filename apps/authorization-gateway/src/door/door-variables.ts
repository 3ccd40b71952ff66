import { portVariable } from '@emp/service-kit';
import { z } from 'zod';
import { addressesOf } from './addresses.ts';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
const SHA_256 = /^[0-9A-F]{64}$/;

const count = (fallback: number, least = 1): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).default(fallback) as never;

const words = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/** What the environment says about the door. */
export const doorVariables = {
  DOOR_HOST: z.string().default('127.0.0.1').describe('address of the door for HBS'),
  DOOR_PORT: portVariable(0).unwrap().optional().describe('door for HBS; 8443 with TLS, 8080 without'),
  DOOR_PREFIX: z
    .string()
    .default('/api/oicp')
    .refine((prefix) => /^(\/|(\/[A-Za-z0-9._~-]+)+)$/.test(prefix), 'write it like /api/oicp, or / for none')
    .transform((prefix) => (prefix === '/' ? '' : prefix))
    .describe('what HBS puts in front of its paths; / for nothing'),
  DOOR_TLS_CERT_FILE: z.string().optional().describe('certificate of the door with its chain, PEM'),
  DOOR_TLS_KEY_FILE: z.string().optional().describe('key of that certificate, PEM'),
  DOOR_TLS_CLIENT_CA_FILE: z.string().optional().describe('authorities a client certificate must come from, PEM'),
  DOOR_TLS_RELOAD_SECONDS: z.coerce.number().min(0.05).default(5).describe('how often these files are looked at'),
  DOOR_TLS_CLIENT_FINGERPRINTS: z
    .string()
    .default('')
    .transform((text) => words(text.replaceAll(':', '').toUpperCase()))
    .refine((all) => all.every((each) => SHA_256.test(each)), 'SHA-256 fingerprints are wanted, 64 hex digits each')
    .describe('client certificates that may come in; all of the authority if empty'),
  DOOR_ALLOWED_ADDRESSES: z
    .string()
    .default('')
    .transform(words)
    .refine((all) => addressesOf(all).ok, 'addresses or networks are wanted, like 192.0.2.7 or 2001:db8::/32')
    .describe('who may connect; everybody if empty'),
  DOOR_DEADLINE_MS: count(1_000, 10).describe('HBS has an answer after this, whatever hangs'),
  DOOR_BODY_LIMIT_BYTES: count(1_048_576, 1_024).describe('largest message'),
  DOOR_HEADER_LIMIT_BYTES: count(16_384, 1_024).describe('largest head of a message'),
  DOOR_HEADER_TIMEOUT_MS: count(5_000, 100).describe('a handshake and the head of a message may each take this long'),
  DOOR_REQUEST_TIMEOUT_MS: count(10_000, 100).describe('a whole message may take this long to arrive'),
  DOOR_PEER_CONCURRENCY: count(256).describe('messages of one peer at once; one more is answered 106'),
  DOOR_CONCURRENCY: count(1_024).describe('messages at once; one more is answered 106'),
  DOOR_CONNECTIONS: count(2_048).describe('connections at once; one more is closed'),
  DOOR_DATABASE_CONNECTIONS: count(10).describe('connections to the database for the door alone'),
};

type DoorVariables = z.infer<z.ZodObject<typeof doorVariables>>;

/** What one variable cannot know of another; gives the port its default. */
export function settleDoor<Config extends DoorVariables>(
  config: Config,
  context: z.RefinementCtx,
): Config & { readonly DOOR_PORT: number } {
  const files = ['DOOR_TLS_CERT_FILE', 'DOOR_TLS_KEY_FILE', 'DOOR_TLS_CLIENT_CA_FILE'] as const;
  const missing = files.filter((file) => config[file] === undefined);
  if (missing.length > 0 && missing.length < files.length) {
    const message = 'TLS needs all three files';
    for (const file of missing) context.addIssue({ code: 'custom', path: [file], message });
  }
  const tls = missing.length === 0;
  if (!tls && !LOOPBACK.includes(config.DOOR_HOST)) {
    context.addIssue({
      code: 'custom',
      path: ['DOOR_HOST'],
      message: 'without DOOR_TLS_… the door speaks plain HTTP and therefore listens on loopback only',
    });
  }
  if (!tls && config.DOOR_TLS_CLIENT_FINGERPRINTS.length > 0) {
    context.addIssue({
      code: 'custom',
      path: ['DOOR_TLS_CLIENT_FINGERPRINTS'],
      message: 'without DOOR_TLS_… there are no client certificates',
    });
  }
  return { ...config, DOOR_PORT: config.DOOR_PORT ?? (tls ? 8443 : 8080) };
}
