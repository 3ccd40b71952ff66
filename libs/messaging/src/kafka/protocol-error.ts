/** Kafka's own name of an error, e.g. `MESSAGE_TOO_LARGE`, wherever kafkajs has wrapped it. */
export function protocolErrorOf(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ('type' in each && typeof each.type === 'string') return each.type;
  }
  return undefined;
}
