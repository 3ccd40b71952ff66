import type { DoorOperation } from './door-operation.ts';
import { operatorIdOf } from './wire.ts';

/** What a path means: an operation, and the operator in it if it is one. */
export interface Route {
  readonly operation: DoorOperation;
  readonly pathOperatorId: string | null;
  /** Why the path cannot be read although it is one of ours. */
  readonly problem?: string;
}

/** Paths repeat: there are some hundred operators. More than these many are forgotten together. */
const MOST_REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 200;

/** Finds the operation of a raw URL; a slash too many and a query are forgiven, as portal entries make them. */
export class Routes {
  readonly #patterns: readonly { readonly operation: DoorOperation; readonly pattern: RegExp }[];
  readonly #remembered = new Map<string, Route | undefined>();

  constructor(operations: readonly DoorOperation[], prefix: string) {
    this.#patterns = operations.map((operation) => ({
      operation,
      pattern: new RegExp(
        `^${escaped(prefix)}${operation.path.split(':operatorID').map(escaped).join('([^/?]*)')}/?(?:\\?|$)`,
      ),
    }));
  }

  find(url: string): Route | undefined {
    const known = this.#remembered.get(url);
    if (known !== undefined || this.#remembered.has(url)) return known;
    const route = this.#read(url);
    if (url.length > LONGEST_REMEMBERED) return route;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(url, route);
    return route;
  }

  #read(url: string): Route | undefined {
    const path = url.replaceAll(/\/{2,}/g, '/');
    for (const { operation, pattern } of this.#patterns) {
      const found = pattern.exec(path);
      if (found) return routeOf(operation, found[1]);
    }
    return undefined;
  }
}

function routeOf(operation: DoorOperation, inPath: string | undefined): Route {
  if (inPath === undefined) return { operation, pathOperatorId: null };
  try {
    return { operation, pathOperatorId: operatorIdOf(decodeURIComponent(inPath)) };
  } catch {
    return { operation, pathOperatorId: null, problem: 'the path cannot be decoded' };
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
