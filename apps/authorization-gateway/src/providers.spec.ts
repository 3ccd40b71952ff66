import type { ProviderSettings } from '@emp/hbs-client';
import { Providers } from './providers.ts';

const provider = (providerId: string, mode: ProviderSettings['mode'], hub: string | null = null): ProviderSettings =>
  ({ providerId, mode, hub, brand: null, uploads: ['rfid'], clientCertificates: [] });

describe('our provider ids', () => {
  const providers = new Providers([
    provider('DE-OFL', 'offline'), provider('DE-SUB', 'hybrid', 'DE-HUB'), provider('DE-HUB', 'online'),
  ]);

  it('are found in any spelling', () => {
    expect([providers.find('de*sub')?.providerId, providers.modeOf('DEHUB'), providers.find('DE-XYZ')])
      .toEqual(['DE-SUB', 'online', undefined]);
  });

  it('answer as the id that owns the connection', () => {
    expect(['DE*SUB', 'DE-HUB', 'DE-OFL', 'DE-OLD'].map((id) => providers.answersAs(id)))
      .toEqual(['DE-HUB', 'DE-HUB', 'DE-OFL', 'DE-OLD']);
  });

  it('share the connection of their hub, and its list holds offline and hybrid ones', () => {
    const of = (list: typeof providers.connections): unknown =>
      list.map(({ connectionId, members }) => [connectionId, ...members.map((member) => member.providerId)]);
    expect(of(providers.connections)).toEqual([['DE-OFL', 'DE-OFL'], ['DE-HUB', 'DE-SUB', 'DE-HUB']]);
    expect(of(providers.uploading)).toEqual([['DE-OFL', 'DE-OFL'], ['DE-HUB', 'DE-SUB', 'DE-HUB']]);
    expect(new Providers([provider('DE-EMP', 'online')]).uploading).toEqual([]);
  });

  it('take what names nobody for the first that HBS asks', () => {
    expect(providers.connected?.providerId).toBe('DE-SUB');
  });
});
