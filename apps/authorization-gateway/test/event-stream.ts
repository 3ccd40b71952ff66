import { eventually } from '@emp/testing';

export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads server-sent events, as an app's EventSource does. */
export class EventStream {
  readonly events: StreamEvent[] = [];
  beats = 0;
  ended = false;
  #rest = '';

  private constructor(readonly response: Response, private readonly abort: AbortController) {
    void this.#read();
  }

  static async open(url: string, lastEventId?: string): Promise<EventStream> {
    const abort = new AbortController();
    const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
    return new EventStream(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  get names(): readonly string[] {
    return this.events.map(({ event, data }) => (event === 'change' ? String(data['what']) : event));
  }

  /** Waits until so many events have come. */
  async until(count: number): Promise<readonly StreamEvent[]> {
    await eventually(() => this.events.length >= count, { what: `${count} events`, withinMs: 15_000 });
    return this.events;
  }

  /** The app goes away, without a word. */
  leave(): void {
    this.abort.abort();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) this.#take(decoder.decode(chunk as Uint8Array, { stream: true }));
    } catch {
      // Left, or cut off: what came stays.
    }
    this.ended = true;
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) this.beats += 1;
      const member = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const [id, event, data] = [member('id'), member('event'), member('data')];
      if (id !== undefined && event !== undefined && data !== undefined) {
        this.events.push({ id, event, data: JSON.parse(data) as StreamEvent['data'] });
      }
    }
  }
}
