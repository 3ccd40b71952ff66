import { readFileSync } from 'node:fs';
import { messageOf } from '@emp/kernel';
import { parseProviderId, providerKey } from '@emp/oicp';
import { z } from 'zod';
import { PROVIDER_MODES, UPLOADED_KINDS, type ProviderSettings } from './provider-settings.ts';

const providerId = z.string().transform((text, context): string => {
  const read = parseProviderId(text);
  if (read.ok) return read.value;
  context.addIssue(read.refusal.detail);
  return z.NEVER;
});

const certificate = z.strictObject({
  certFile: z.string().min(1),
  keyFile: z.string().min(1),
  passphrase: z.string().optional(),
}).transform(({ passphrase, ...files }) => (passphrase === undefined ? files : { ...files, passphrase }));

const entry = z.strictObject({
  id: providerId,
  mode: z.enum(PROVIDER_MODES),
  brand: z.string().min(1).max(100).nullable().default(null),
  hub: providerId.nullable().default(null),
  uploads: z.array(z.enum(UPLOADED_KINDS)).min(1).default([...UPLOADED_KINDS]),
  clientCertificates: z.array(certificate).max(2).default([]),
}).transform(({ id, ...rest }): ProviderSettings => ({ providerId: id, ...rest }));

const entries = z.array(entry).min(1);
const SHORT_FORM = `DE-EMP:online, DE-OFL:offline or DE-SUB:hybrid:DE-HUB`;

/**
 * Our provider ids: in short, `DE-EMP:online,DE-OFL:offline,DE-SUB:online:DE-EMP` (id, mode, hub), or `@<file>` with a
 * JSON list of `{id, mode, brand, hub, uploads, clientCertificates: [{certFile, keyFile, passphrase}]}`.
 */
export const providersVariable = z.string().transform((text, context): readonly ProviderSettings[] => {
  const complain = (what: string): void => context.addIssue(what);
  const providers = text.startsWith('@') ? readFile(text.slice(1), complain) : readShort(text, complain);
  for (const complaint of contradictionsIn(providers)) complain(complaint);
  return providers.map((provider) => ({ ...provider, hub: spelledAsListed(provider.hub, providers) }));
});

function readFile(place: string, complain: (what: string) => void): readonly ProviderSettings[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(place, 'utf8'));
  } catch (error) {
    complain(`${place} cannot be read: ${messageOf(error)}`);
    return [];
  }
  const read = entries.safeParse(value);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) complain(`${place} /${path.join('/')}: ${message}`);
  return [];
}

function readShort(text: string, complain: (what: string) => void): readonly ProviderSettings[] {
  return text.split(',').flatMap((part) => {
    const [id = '', mode, hub, ...more] = part.trim().split(':');
    const read = entry.safeParse({ id, mode, ...(hub === undefined ? {} : { hub }) });
    if (read.success && more.length === 0) return [read.data];
    complain(`"${part.trim()}" is not of the form ${SHORT_FORM}`);
    return [];
  });
}

function contradictionsIn(providers: readonly ProviderSettings[]): readonly string[] {
  const byKey = new Map<string, ProviderSettings>();
  const complaints: string[] = [];
  for (const provider of providers) {
    const key = providerKey(provider.providerId);
    if (byKey.has(key)) complaints.push(`${provider.providerId} is named twice`);
    byKey.set(key, provider);
  }
  for (const { providerId: id, hub, clientCertificates } of providers) {
    if (hub === null) continue;
    const owner = byKey.get(providerKey(hub));
    if (owner === undefined) complaints.push(`${hub}, the hub of ${id}, is not listed itself`);
    else if (owner.hub !== null || owner.providerId === id) {
      complaints.push(`${hub}, the hub of ${id}, is no hub: it is behind one`);
    }
    if (clientCertificates.length > 0) complaints.push(`${id} is behind ${hub}: the certificate is that of ${hub}`);
  }
  return complaints;
}

function spelledAsListed(hub: string | null, providers: readonly ProviderSettings[]): string | null {
  if (hub === null) return null;
  return providers.find(({ providerId: id }) => providerKey(id) === providerKey(hub))?.providerId ?? hub;
}
