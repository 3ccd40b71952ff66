/** A service that answers. `stop()` drains: no new work, what is in flight ends, what is committed is published. */
export interface RunningService {
  readonly name: string;
  /** Base URL of its internal API. */
  readonly url: string;
  stop(): Promise<void>;
}
