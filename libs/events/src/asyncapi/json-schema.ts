/** As much of JSON Schema (draft 07) as events need. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly (string | null)[];
  readonly const?: string;
  readonly minimum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
}

/** A schema of an object, checked by the compiler to describe every member of `Data`. */
export interface SchemaOf<Data> extends JsonSchema {
  readonly properties: { readonly [Member in keyof Data]-?: JsonSchema } & Readonly<Record<string, JsonSchema>>;
}

const described = (description: string | undefined): { description?: string } => (description === undefined ? {} : { description });

export const text = (description?: string): JsonSchema => ({ type: 'string', ...described(description) });
export const instant = (description?: string): JsonSchema => ({ type: 'string', format: 'date-time', ...described(description) });
export const decimal = (description?: string): JsonSchema => ({ type: 'string', pattern: String.raw`^-?\d+(\.\d+)?$`, ...described(description) });
export const whole = (description?: string): JsonSchema => ({ type: 'integer', minimum: 0, ...described(description) });
export const oneOf = (...values: readonly string[]): JsonSchema => ({ type: 'string', enum: values });
export const listOf = (items: JsonSchema, description?: string): JsonSchema => ({ type: 'array', items, ...described(description) });

/** Or `null`. */
export const nullable = (schema: JsonSchema): JsonSchema => ({
  ...schema, type: [schema.type ?? 'string'].flat().concat('null'), ...(schema.enum ? { enum: [...schema.enum, null] } : {}),
});

/** All members are there but those that came later (`added`); others may come, events change by adding. */
export const object = <Data>(
  properties: SchemaOf<Data>['properties'], description?: string, added: readonly (keyof Data & string)[] = [],
): SchemaOf<Data> => ({
  type: 'object', properties, required: Object.keys(properties).filter((member) => !added.some((one) => one === member)),
  additionalProperties: true, ...described(description),
});
