/** Where a text stops being JSON. */
export interface JsonFault {
  /** Characters before it. */
  readonly offset: number;
  /** One-based. */
  readonly line: number;
  readonly column: number;
  /** What stands there, and what could have. */
  readonly detail: string;
}

type Expecting = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'nothing';

const WORDS: Readonly<Record<Expecting, string>> = {
  'value': 'a value', 'value-or-end': 'a value or "]"', 'name': 'a member name', 'name-or-end': 'a member name or "}"',
  'colon': 'a colon', 'comma-or-end': 'a comma or the end of the list or object', 'nothing': 'the end of the file',
};

const TOKEN = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/y;

/** Finds the place where `JSON.parse` gave up; not every version of Node tells. `undefined` if the text is JSON. */
export function locateJsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let expecting: Expecting = 'value';
  let at = 0;
  for (;;) {
    while (at < text.length && ' \n\r\t'.includes(text[at] ?? '')) at += 1;
    if (at >= text.length) return expecting === 'nothing' ? undefined : fault(text, at, 'the file ends', expecting);
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const next: Expecting | undefined = token === undefined ? undefined : after(token, expecting, open);
    if (token === undefined || next === undefined) {
      return fault(text, at, `${JSON.stringify(text.slice(at, at + 20))} stands there`, expecting);
    }
    expecting = next;
    at += token.length;
  }
}

/** What may follow the token, or `undefined` if the token itself may not stand there. */
function after(token: string, expecting: Expecting, open: ('{' | '[')[]): Expecting | undefined {
  const ended = (): Expecting => (open.length === 0 ? 'nothing' : 'comma-or-end');
  switch (token) {
    case '{':
    case '[':
      if (!expecting.startsWith('value')) return undefined;
      open.push(token);
      return token === '{' ? 'name-or-end' : 'value-or-end';
    case '}':
      if (open.at(-1) !== '{' || (expecting !== 'name-or-end' && expecting !== 'comma-or-end')) return undefined;
      open.pop();
      return ended();
    case ']':
      if (open.at(-1) !== '[' || (expecting !== 'value-or-end' && expecting !== 'comma-or-end')) return undefined;
      open.pop();
      return ended();
    case ':':
      return expecting === 'colon' ? 'value' : undefined;
    case ',':
      if (expecting !== 'comma-or-end') return undefined;
      return open.at(-1) === '{' ? 'name' : 'value';
    default:
      if (expecting.startsWith('name')) return token.startsWith('"') ? 'colon' : undefined;
      return expecting.startsWith('value') ? ended() : undefined;
  }
}

function fault(text: string, offset: number, what: string, expecting: Expecting): JsonFault {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return { offset, line, column, detail: `${what} where ${WORDS[expecting]} was expected` };
}
