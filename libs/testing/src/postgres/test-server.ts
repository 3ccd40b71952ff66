import { rm } from 'node:fs/promises';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

/**
 * A process of its own that runs the PostgreSQL of one jest run: prints its URL, and ends it when standard input does.
 * Input ends with the run however the run ends (done, Ctrl-C, kill -9), so no server is left behind.
 */
const [dataDirectory] = process.argv.slice(2);
if (dataDirectory === undefined) throw new Error('usage: test-server.ts <data directory>');

// A Ctrl-C reaches the whole process group; the end of the input is what counts here.
process.on('SIGINT', () => undefined);
const server = await startEmbeddedPostgres({ dataDirectory, durable: false });
process.stdout.write(`${server.adminUrl}\n`);
process.stdin.resume().once('end', () => {
  void server.stop().finally(() => rm(dataDirectory, { recursive: true, force: true }));
});
