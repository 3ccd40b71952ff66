import { EMP_DOOR_PREFIX, endpointList, HBS_BASE_URLS, type Endpoint, type HbsEnvironment } from '@emp/oicp';
import { command, JSON_OPTION } from '../command-line/command.ts';
import { ink, json, table, type Ink } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';

/** An endpoint with its URL in full. */
export interface PlacedEndpoint extends Endpoint {
  readonly url: string;
}

export const endpoints = command({
  options: {
    role: { type: 'string', value: 'emp', about: 'whose operations: those of the provider (emp) are known' },
    env: { type: 'string', value: 'qa|prod', about: "which of Hubject's environments; prod, if not given" },
    json: JSON_OPTION,
  },
  details: 'Limits are calls a minute and partner, as Hubject publishes them; stay well below.',
  run: async ({ words, options }, io) => {
    if (words.length > 0) throw new WrongUse(`endpoints takes no words: ${words.join(' ')}`);
    if (options.role !== undefined && options.role !== 'emp')
      throw new WrongUse(`the operations of ${options.role} are not in the catalogue`, '--role emp');
    const placed = placedEndpoints(environmentOf(options.env));
    io.out(options.json ? json(placed) : endpointsText(placed, ink(io.colours)));
    return 0;
  },
});

const OWN_BASE = `https://your.host${EMP_DOOR_PREFIX}`;

/** Every operation of a provider with its URL in an environment; what HBS calls is at the provider's own host. */
export function placedEndpoints(environment: HbsEnvironment): readonly PlacedEndpoint[] {
  const bases = HBS_BASE_URLS[environment];
  return endpointList().map((endpoint) => ({
    ...endpoint,
    url: `${endpoint.direction === 'hbs-to-emp' ? OWN_BASE : bases[endpoint.api]}${endpoint.path}`,
  }));
}

export const RETRIES: Readonly<Record<Endpoint['retry'], string>> = {
  always: 'may be repeated',
  sequentially: 'one at a time; repeat a fullLoad only',
  'never-blindly': 'never repeat blindly',
  'by-hbs-only': 'HBS decides',
};

export const DIRECTIONS: Readonly<Record<Endpoint['direction'], string>> = {
  'emp-to-hbs': 'EMP → HBS',
  'hbs-to-emp': 'HBS → EMP',
};

export function endpointsText(placed: readonly PlacedEndpoint[], { bold, dim }: Ink): string {
  return (['emp-to-hbs', 'hbs-to-emp'] as const)
    .map((direction) => {
      const some = placed.filter((each) => each.direction === direction);
      const heads = table(
        some.map(({ operation, service, serviceVersion, perMinute, timeoutMs, retry, offline, online }) => [
          bold(operation),
          DIRECTIONS[direction],
          `${perMinute}/min`,
          `${timeoutMs / 1000} s`,
          RETRIES[retry],
          dim(`${service} ${serviceVersion}; offline ${offline}, online ${online}`),
        ]),
      )
        .trimEnd()
        .split('\n');
      return some
        .map(({ method, url, query, note }, index) =>
          [
            `${heads[index] ?? ''}\n    ${method} ${url}${query.length === 0 ? '' : `?${query.join('&')}`}\n`,
            note === undefined ? '' : `    ${note}\n`,
          ].join(''),
        )
        .join('');
    })
    .join('\n');
}

function environmentOf(word = 'prod'): HbsEnvironment {
  if (word === 'qa' || word === 'prod') return word;
  throw new WrongUse(`--env is qa or prod, not ${word}`);
}
