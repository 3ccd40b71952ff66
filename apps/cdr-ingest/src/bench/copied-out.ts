import pg from 'pg';

/** Receives what a COPY … TO STDOUT sends and counts its bytes: the fastest way out of PostgreSQL. */
export async function copiedOut(url: string, text: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await new Promise<number>((resolve, reject) => {
      let bytes = 0;
      client.query({
        submit: (connection: { query(statement: string): void }) => connection.query(text),
        handleCopyData: ({ chunk }: { chunk: Buffer }) => { bytes += chunk.length; },
        handleError: reject, handleReadyForQuery: () => resolve(bytes),
        handleRowDescription: () => undefined, handleCommandComplete: () => undefined,
      } as unknown as pg.Submittable);
    });
  } finally {
    await client.end();
  }
}
