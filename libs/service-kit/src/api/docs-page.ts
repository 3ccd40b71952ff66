import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const START = `SwaggerUIBundle({ url: '/docs/json', dom_id: '#docs', deepLinking: true });`;

/** The page that shows `/docs/json` to people: Swagger UI from its package, nothing from elsewhere. */
export function serveDocsPage(fastify: FastifyInstance, name: string): void {
  const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  fastify.get('/docs', (_, reply) => reply.type('text/html; charset=utf-8').send(pageOf(name)));
  fastify.get('/docs/start.js', (_, reply) => reply.type('text/javascript; charset=utf-8').send(START));
  for (const [file, type] of Object.entries(TYPES)) {
    fastify.get(`/docs/${file}`, async (_, reply) => reply.type(type).send(await readFile(path.join(assets, file))));
  }
}

const pageOf = (name: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>EMP ${name}</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
