import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isMessageKind, type MessageKind } from '../src/index.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const ownSamples = path.join(repository, 'libs/oicp/samples');
/** Public data kept beside the project; tests that use it do not exist where it is absent. */
const publicData = path.resolve(repository, '../shared/data');

export interface Sample {
  readonly name: string;
  readonly kind: MessageKind;
  readonly text: string;
}

/** Our samples: `<Kind>.<what>.json`; what begins with `dirty` is not conformant on purpose. */
export function samples(which: 'conformant' | 'dirty' | 'all' = 'all'): readonly Sample[] {
  return readdirSync(ownSamples).flatMap((file) => {
    const [kind = '', what = ''] = file.split('.');
    const dirty = what.startsWith('dirty');
    if (!isMessageKind(kind) || (which === 'conformant' && dirty) || (which === 'dirty' && !dirty)) return [];
    return [{ name: `${kind}.${what}`, kind, text: readFileSync(path.join(ownSamples, file), 'utf8') }];
  });
}

export const sampleText = (name: string): string => readFileSync(path.join(ownSamples, `${name}.json`), 'utf8');

export const sample = (name: string): Record<string, unknown> => JSON.parse(sampleText(name)) as Record<string, unknown>;

/** A file of the public data, or `undefined` where it is absent. */
export function publicFile(name: string): Buffer | undefined {
  const file = path.join(publicData, name);
  return existsSync(file) ? readFileSync(file) : undefined;
}

export function publicFiles(directory: string): readonly string[] {
  const at = path.join(publicData, directory);
  return existsSync(at) ? readdirSync(at).filter((file) => file.endsWith('.json')) : [];
}

/** A JSON value without nulls in objects: explicit null is absence. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([, member]) => member !== null)
    .map(([key, member]) => [key, withoutNulls(member)]));
}
