import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { describeRequests } from './describe-requests.ts';
import { serveDocsPage } from './docs-page.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

const PROBLEM = {
  type: 'object',
  description: 'What went wrong (RFC 9457). Further members by the kind of problem.',
  properties: {
    type: { type: 'string', example: 'urn:emp:problem:request-invalid' },
    title: { type: 'string', description: 'the slug of the type' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'what, where, and what to do' },
    findings: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
  required: ['type', 'title', 'status', 'detail'],
};

const RESPONSES = {
  '400': 'malformed: each finding with its JSON pointer',
  '401': 'no credentials, or none of ours',
  '403': 'the scope for this is missing',
  default: 'any other refusal or failure',
};

/** Serves the description of a service's API: `/docs` to read, `/docs/json` for machines. Open: it holds no secrets. */
export function serveOpenApi(app: NestFastifyApplication, name: string): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app, name), {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: 'docs/json',
  });
  serveDocsPage(app.getHttpAdapter().getInstance() as never, name);
}

function openApiOf(app: NestFastifyApplication, name: string): OpenAPIObject {
  describeRequests(app);
  const config = new DocumentBuilder()
    .setTitle(`EMP ${name}`)
    .setVersion('1')
    .setDescription('Scopes: `read` for GET, `write` for everything else, unless an operation names another one.')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'API key, or JWT of the configured issuer' },
      'bearer',
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'API key' }, 'apiKey')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('apiKey')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, Problem: PROBLEM };
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) operation.responses = { ...(problems() as typeof operation.responses), ...operation.responses };
    }
  }
  return document;
}

const problems = (): Record<string, object> =>
  Object.fromEntries(
    Object.entries(RESPONSES).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    ]),
  );
