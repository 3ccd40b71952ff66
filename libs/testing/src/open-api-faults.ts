interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, unknown>> };
  readonly responses?: Readonly<Record<string, unknown>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options']);
const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

/** `get /things` and so on. */
export const operationsOf = (document: OpenApi): readonly string[] =>
  Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));

/** What in a document is not OpenAPI 3.0, as far as a client generator would stumble over it. */
export function faultsOf(document: OpenApi): readonly string[] {
  const faults = /^3\.0\.\d$/.test(document.openapi) ? [] : ['/openapi is not 3.0.x'];
  const ids = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const at = `${method} ${path}`;
      if (!METHODS.has(method)) faults.push(`${at}: no method`);
      if (!operation.operationId || ids.has(operation.operationId))
        faults.push(`${at}: operationId missing or not unique`);
      ids.add(operation.operationId ?? '');
      if (Object.keys(operation.responses ?? {}).every((status) => !/^[23]\d\d$/.test(status)))
        faults.push(`${at}: no success`);
      faults.push(...parameterFaults(path, at, operation));
    }
  }
  return [...faults, ...schemaFaults(document, document, '')];
}

function parameterFaults(path: string, at: string, { parameters = [] }: Operation): readonly string[] {
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  const declared = parameters.filter(({ in: where }) => where === 'path').map(({ name }) => name);
  const untyped = parameters.filter(({ schema, content }) => schema === undefined && content === undefined);
  return [
    ...inPath.filter((name) => !declared.includes(name)).map((name) => `${at}: parameter ${name} is not described`),
    ...declared
      .filter((name) => !inPath.includes(name as string))
      .map((name) => `${at}: parameter ${String(name)} is not in the path`),
    ...untyped.map(({ name }) => `${at}: parameter ${String(name)} has no schema`),
  ];
}

/** References that lead nowhere, types that are none, lists of nothing. */
function schemaFaults(document: OpenApi, value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => schemaFaults(document, each, `${at}/${index}`));
  if (typeof value !== 'object' || value === null) return [];
  const faults: string[] = [];
  const { $ref, type, items } = value as { $ref?: unknown; type?: unknown; items?: unknown };
  if (typeof $ref === 'string' && !resolves(document, $ref)) faults.push(`${at}: ${$ref} leads nowhere`);
  const isSchema = /\/(schema|items|additionalProperties)$|\/(schemas|properties)\/[^/]+$/.test(at);
  if (isSchema && type !== undefined && !TYPES.has(type as string)) faults.push(`${at}: ${String(type)} is no type`);
  if (isSchema && type === 'array' && items === undefined) faults.push(`${at}: an array without items`);
  return [...faults, ...Object.entries(value).flatMap(([key, each]) => schemaFaults(document, each, `${at}/${key}`))];
}

function resolves(document: OpenApi, reference: string): boolean {
  const steps = reference.replace(/^#\//, '').split('/');
  const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
  return reference.startsWith('#/') && found !== undefined;
}
