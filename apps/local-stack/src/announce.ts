/** Says what is being done and how long it took, on standard error: standard output is for results. */
export async function announce<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const took = (): string => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  const terminal = process.stderr.isTTY;
  const pulse = setInterval(
    () => process.stderr.write(terminal ? `\r  … ${what}  ${took()}` : `  … ${what}: at it for ${took()}\n`),
    terminal ? 500 : 10_000,
  );
  let mark = '✗';
  try {
    const result = await work();
    mark = '✓';
    return result;
  } finally {
    clearInterval(pulse);
    process.stderr.write(`${terminal ? '\r' : ''}  ${mark} ${what}  ${took()}   \n`);
  }
}
