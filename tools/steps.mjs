/** Announces what is being done and how long it took, on standard error, so that standard output stays for results. */

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

export class Failure extends Error {}

/** Runs one named step; a slow one says every few seconds that it is still at it. */
export async function step(name, work) {
  const begun = performance.now();
  const terminal = process.stderr.isTTY;
  if (terminal) process.stderr.write(`  … ${name}`);
  const pulse = setInterval(
    () => process.stderr.write(terminal ? `\r  … ${name}  ${seconds(begun)}` : `  … ${name}: at it for ${seconds(begun)}\n`),
    terminal ? 500 : 10_000,
  );
  try {
    const result = await work();
    process.stderr.write(`${terminal ? '\r' : ''}  ✓ ${name}  ${seconds(begun)}   \n`);
    return result;
  } catch (error) {
    process.stderr.write(`${terminal ? '\r' : ''}  ✗ ${name}  ${seconds(begun)}   \n`);
    throw error;
  } finally {
    clearInterval(pulse);
  }
}

/** A tool's `main`: its failures are one line each, anything else is a defect and shows where. */
export async function run(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Failure ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}
