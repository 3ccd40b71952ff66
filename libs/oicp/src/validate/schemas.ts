import { Ajv, type ValidateFunction } from 'ajv';
import { ValidationTypes } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { FINDING_CODES } from '../finding.ts';
import type { Constraint, JsonSchema } from '../member/constraint.ts';
import { membersOfClass } from '../member/member.ts';
import type { MessageClass } from '../member/member-type.ts';

/** Fragments of a member's schema by code; merging the fragments of several rules must lose none. */
const PARTS = 'x-parts';

/** What class-validator keeps about one rule, as far as it matters here. */
interface RuleMetadata {
  readonly target: unknown;
  readonly propertyName: string;
  readonly constraints: readonly unknown[];
}

const converters = {
  [ValidationTypes.IS_DEFINED]: {},
  [ValidationTypes.NESTED_VALIDATION]: (metadata: RuleMetadata): JsonSchema => {
    const type = membersOfClass(metadata.target as MessageClass).find(({ name }) => name === metadata.propertyName)?.type;
    const element = type?.shape === 'list' ? type.of : type;
    return element?.shape === 'object' ? { [PARTS]: { nested: { $ref: `#/$defs/${element.of().name}` } } } : {};
  },
  ...Object.fromEntries(Object.keys(FINDING_CODES).map((code) => [code, (metadata: RuleMetadata): JsonSchema => ({
    [PARTS]: { [code]: (metadata.constraints[0] as Constraint).schema },
  })])),
};

interface ObjectSchema {
  readonly properties: Record<string, unknown>;
  readonly required?: readonly string[];
}

/** The JSON schema of a class, made from its class-validator rules; nested classes are in `$defs`. */
export function jsonSchemaOf(messageClass: MessageClass): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  collect(messageClass, definitions);
  return { $ref: `#/$defs/${messageClass.name}`, $defs: definitions };
}

function collect(messageClass: MessageClass, definitions: Record<string, JsonSchema>): void {
  if (definitions[messageClass.name] !== undefined) return;
  const { properties, required = [] } = targetConstructorToSchema(messageClass as never, {
    additionalConverters: converters as never,
  }) as unknown as ObjectSchema;
  definitions[messageClass.name] = {
    type: 'object',
    required,
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [
      name,
      // Explicit null is absence.
      required.includes(name) ? merged(schema) : { anyOf: [{ type: 'null' }, merged(schema)] },
    ])),
  };
  for (const { type } of membersOfClass(messageClass)) {
    const element = type.shape === 'list' ? type.of : type;
    if (element.shape === 'object') collect(element.of(), definitions);
  }
}

function merged(schema: unknown): JsonSchema {
  const { [PARTS]: parts = {}, items } = schema as { [PARTS]?: Record<string, JsonSchema>; items?: unknown };
  const all = [...Object.values(parts), ...(items === undefined ? [] : [{ items: merged(items) }])];
  return { allOf: all };
}

const validators = new Map<MessageClass, ValidateFunction>();
// The published patterns are not valid with the `u` flag; lengths are counted in UTF-16 units, as HBS (Java) does.
const ajv = new Ajv({ unicodeRegExp: false, unicode: false, strict: false, validateSchema: false, logger: false });

/** Whether a message satisfies every rule for single members. Compiled at the first use of a class. */
export function conforms(messageClass: MessageClass, message: unknown): boolean {
  let validator = validators.get(messageClass);
  if (validator === undefined) {
    validator = ajv.compile(jsonSchemaOf(messageClass));
    validators.set(messageClass, validator);
  }
  return validator(message);
}
