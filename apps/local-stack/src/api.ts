import { EmpError } from '@emp/kernel';

/** Calls a JSON API of the stack. @throws EmpError `api-refused` with what the service said. */
export async function call<T>(method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown): Promise<T> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new EmpError('api-refused', `${method} ${url}: ${answer.status} ${detailOf(text)}`, {
      retry: answer.status >= 500 ? 'helps' : 'useless',
      details: { status: answer.status },
    });
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The same, but an unknown thing is `undefined`. */
export async function find<T>(url: string): Promise<T | undefined> {
  try {
    return await call<T>('GET', url);
  } catch (error) {
    if (error instanceof EmpError && error.details['status'] === 404) return undefined;
    throw error;
  }
}

function detailOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail ?? text).slice(0, 500);
  } catch {
    return text.slice(0, 500);
  }
}
