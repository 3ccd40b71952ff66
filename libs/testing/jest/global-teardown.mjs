/** Ends what global-setup.mjs started. */
export default async function globalTeardown() {
  await globalThis.empTestKafka?.stop();
  await globalThis.empTestPostgres?.stop();
}
