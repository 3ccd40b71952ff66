/** Whether doing the same again later may succeed. */
export type Retry = 'helps' | 'useless';

/**
 * A surprise, as opposed to a refusal: something broke. The slug is stable (dashboards and tests name it), the message
 * says what was wrong and where, `retry` tells consumers and clients whether to try again.
 */
export class EmpError extends Error {
  readonly slug: string;
  readonly retry: Retry;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(slug: string, message: string, options: { retry: Retry; cause?: unknown; details?: Record<string, unknown> }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EmpError';
    this.slug = slug;
    this.retry = options.retry;
    this.details = options.details ?? {};
  }
}

/** The message of anything that was thrown, in one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
