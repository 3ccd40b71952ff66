import { Problem } from '../problem.ts';

/** 401: nobody we know. Tells how to come back, never what was sent. */
export class AccessRefused extends Problem {
  constructor(slug: 'credentials-missing' | 'key-unknown' | 'token-refused', detail: string) {
    const error =
      slug === 'credentials-missing'
        ? ''
        : `, error="invalid_token", error_description="${detail.replaceAll('"', "'")}"`;
    super(401, slug, detail, {}, { 'www-authenticate': `Bearer realm="emp"${error}` });
  }
}

/** 403: known, but not allowed to do this. */
export class ScopeMissing extends Problem {
  constructor(caller: string, scope: string) {
    super(
      403,
      'scope-missing',
      `"${caller}" lacks the scope "${scope}" that this takes`,
      { scope },
      {
        'www-authenticate': `Bearer realm="emp", error="insufficient_scope", scope="${scope}"`,
      },
    );
  }
}
