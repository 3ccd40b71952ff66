/** A number as written: its digits are part of what was signed, and tell the precision. */
export class JsonNumber {
  constructor(readonly literal: string) {}
}

export type JsonObject = ReadonlyMap<string, JsonValue>;
export type JsonValue = null | boolean | string | JsonNumber | JsonObject | readonly JsonValue[];

export const isObject = (value: JsonValue | undefined): value is JsonObject => value instanceof Map;
export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** The text of a member; numbers and booleans as written, since meters disagree about what is a string. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = object.get(name);
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.literal;
  return typeof value === 'boolean' ? String(value) : undefined;
}
