import { HBS_BASE_URLS } from '@emp/oicp';
import { z } from 'zod';
import { OPERATIONS, type OperationName } from '../operations.ts';
import { providersVariable } from './read-providers.ts';

const file = (what: string): z.ZodOptional<z.ZodString> => z.string().optional().describe(what);

/** What a service that talks to HBS is told about it: spread into its own object, refine with `certificatePairs`. */
export const hbsVariables = {
  HBS_URL: z.string().transform(baseUrlOf).describe('HBS: qa, prod, or a base URL including /api/oicp'),
  PROVIDERS: providersVariable.describe('our provider ids: DE-EMP:online,DE-OFL:offline, or @<file> (JSON)'),
  HBS_CERT_FILE: file('client certificate for HBS, PEM'),
  HBS_KEY_FILE: file('its key, PEM'),
  HBS_KEY_PASSPHRASE: file('of the key, if it has one'),
  HBS_OTHER_CERT_FILE: file('a second client certificate, while one replaces the other: the newer is tried first'),
  HBS_OTHER_KEY_FILE: file('its key'),
  HBS_OTHER_KEY_PASSPHRASE: file('of that key'),
  HBS_CA_FILE: file("bundle to trust instead of the system's store, PEM"),
  HBS_TLS_RELOAD_SECONDS: z.coerce.number().min(0.01).max(3_600).default(15)
    .describe('how often these files are looked at'),
  HBS_CALLS_PER_MINUTE: z.string().default('').transform(callsOf)
    .describe('where Hubject allows us another number than published: PullEvseData:100,…'),
} as const;

type HbsConfigObject = z.ZodObject<typeof hbsVariables>;
export type HbsConfig = z.infer<HbsConfigObject>;

const PAIRS = [['HBS_CERT_FILE', 'HBS_KEY_FILE'], ['HBS_OTHER_CERT_FILE', 'HBS_OTHER_KEY_FILE']] as const;

/** For `superRefine`: a certificate without its key, or a key alone, stops the start. */
export function certificatePairs(config: HbsConfig, context: z.RefinementCtx): void {
  for (const [cert, key] of PAIRS) {
    if ((config[cert] === undefined) === (config[key] === undefined)) continue;
    const absent = config[cert] === undefined ? cert : key;
    context.addIssue({ code: 'custom', path: [absent], message: `${cert} and ${key} belong together` });
  }
}

function baseUrlOf(text: string, context: z.RefinementCtx): string {
  if (text === 'qa' || text === 'prod') return HBS_BASE_URLS[text].oicp;
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  context.addIssue('qa, prod or a URL including /api/oicp is expected');
  return z.NEVER;
}

function callsOf(text: string, context: z.RefinementCtx): Partial<Record<OperationName, number>> {
  const calls: Partial<Record<OperationName, number>> = {};
  for (const part of text.split(',').map((each) => each.trim()).filter((each) => each !== '')) {
    const [name = '', number = ''] = part.split(':');
    if (name in OPERATIONS && /^[1-9]\d{0,5}$/.test(number)) calls[name as OperationName] = Number(number);
    else {
      const names = Object.keys(OPERATIONS).join(', ');
      context.addIssue(`"${part}" is not of the form PullEvseData:100; operations: ${names}`);
    }
  }
  return calls;
}
