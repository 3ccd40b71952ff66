import { faultsOf, operationsOf, type OpenApi } from '@emp/testing';
import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { startSmallService } from '../../test/small-service.ts';
import type { RunningService } from '../running-service.ts';

class Part {
  @IsString()
  @MaxLength(5)
  declare readonly name: string;
}

class Thing {
  @IsIn(['red', 'green'])
  declare readonly colour: string;

  @IsArray()
  @ArrayMaxSize(2)
  @ValidateNested({ each: true })
  @Type(() => Part)
  declare readonly parts: readonly Part[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Part)
  readonly spare?: Part;
}

class Selection {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  readonly limit?: number;
}

@Controller('things')
class Things {
  @Get()
  list(@Query() { limit }: Selection): unknown {
    return { limit };
  }

  @Post()
  create(@Body() thing: Thing): unknown {
    return { colour: thing.colour, made: thing.parts.every((part) => part instanceof Part) };
  }

  @Patch(':id')
  patch(@Param('id') id: string, @Body() body: unknown): unknown {
    return { id, body };
  }
}

let service: RunningService;
beforeAll(async () => {
  service = await startSmallService([Things]);
}, 30_000);
afterAll(() => service.stop());

const ask = async (
  where: string,
  method = 'GET',
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(`${service.url}${where}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('requests', () => {
  it('arrive as instances of their class', async () => {
    expect((await ask('/things?limit=7')).body).toEqual({ limit: 7 });
    expect((await ask('/things', 'POST', { colour: 'red', parts: [{ name: 'a' }] })).body).toEqual({
      colour: 'red',
      made: true,
    });
  });

  it('that break rules are told everything at once, by JSON pointer, without values', async () => {
    const { status, body } = await ask('/things', 'POST', {
      colour: 'bl04A2B3',
      parts: [{ name: 'a' }, { name: 'toolong-04A2' }],
      'co/lor': 1,
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: 'urn:emp:problem:request-invalid',
      detail: expect.stringContaining('and 2 more'),
    });
    expect((body['findings'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
      '/colour',
      '/co~1lor',
      '/parts/1/name',
    ]);
    expect(JSON.stringify(body)).not.toContain('04A2');
    expect((await ask('/things?limit=0')).body).toMatchObject({ findings: [{ pointer: '/limit' }] });
    expect((await ask('/things', 'POST', [])).status).toBe(400);
  });

  it('that have no body where one is needed are told so', async () => {
    expect(await ask('/things', 'POST')).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/a JSON object is expected/) as string },
    });
  });

  it('that name the type of a body they do not have are taken as without one', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${service.url}/things/1`, { method: 'PATCH', headers });
    expect([answer.status, await answer.json()]).toEqual([200, { id: '1' }]);
    const broken = await fetch(`${service.url}/things/1`, { method: 'PATCH', headers, body: '{"a":' });
    expect(broken.status).toBe(400);
  });

  it('of other types pass as they are', async () => {
    expect((await ask('/things/1', 'PATCH', { any: 'thing' })).body).toEqual({ id: '1', body: { any: 'thing' } });
  });
});

describe('/docs', () => {
  it('is a page', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect((await fetch(`${service.url}/docs/swagger-ui.css`)).status).toBe(200);
  });

  it('names every route, with what requests must look like, security and problems', async () => {
    const document = (await ask('/docs/json')).body as unknown as OpenApi;
    expect(faultsOf(document)).toEqual([]);
    expect(operationsOf(document)).toEqual(
      expect.arrayContaining(['get /things', 'post /things', 'patch /things/{id}', 'get /health/live', 'get /metrics']),
    );
    expect(document).toMatchObject({
      info: { title: 'EMP small', version: '1' },
      security: [{ bearer: [] }, { apiKey: [] }],
      components: {
        securitySchemes: { bearer: { scheme: 'bearer' }, apiKey: { in: 'header', name: 'X-API-Key' } },
        schemas: {
          Thing: {
            required: ['colour', 'parts'],
            properties: {
              colour: { type: 'string', enum: ['red', 'green'] },
              parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
            },
          },
          Part: { required: ['name'], properties: { name: { type: 'string', maxLength: 5 } } },
        },
      },
    });
    const { parameters, responses } = document.paths['/things']?.['get'] ?? {};
    expect(parameters).toEqual([
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1 } },
    ]);
    expect(Object.keys(responses ?? {}).sort()).toEqual(['200', '400', '401', '403', 'default']);
  });
});
