import type { Database, Transaction } from '@emp/database';

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  return { promise: new Promise((settle) => { resolve = settle; }), resolve: () => resolve() };
}

/** Does the work and holds its transaction open until `commit()`. */
export async function heldOpen(
  database: Database, work: (tx: Transaction) => Promise<void>,
): Promise<{ readonly commit: () => Promise<void> }> {
  const done = deferred();
  const mayCommit = deferred();
  const committed = database.transaction(async (tx) => {
    await work(tx);
    done.resolve();
    await mayCommit.promise;
  });
  await Promise.race([done.promise, committed]);
  return { commit: () => { mayCommit.resolve(); return committed; } };
}
