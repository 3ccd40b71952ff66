import { Readable } from 'node:stream';
import { operatorPrefixOf } from '@emp/oicp';
import { Problem } from '@emp/service-kit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { faultsSchema } from './faults/faults.ts';
import { writeJson, type Json } from './json.ts';
import type { Evse } from './network/evse.ts';
import { evseOf } from './network/evse.ts';
import { DEMO_EVSE_ID } from './network/generator/demo-operator.ts';
import { takeFeed } from './network/load-network.ts';
import { playStory } from './scenarios/stories.ts';
import { randomCar } from './station/car.ts';
import type { Drivers } from './station/drivers.ts';
import { tapCard } from './station/tap.ts';
import { summaryOf } from './summary.ts';
import type { World } from './world.ts';

const uid = z.string().regex(/^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20})$/, 'a UID has 8, 14 or 20 hexadecimal digits');
const cards = z.array(z.object({ uid })).default([]);
const drivers = z.object({ online: cards, offline: cards, blocked: cards, ended: cards });
const taps = z.object({ uid, evseId: z.string().optional(), operatorId: z.string().optional() });
const story = z.object({ uid: uid.optional() });
const traffic = z.object({ tapsPerSecond: z.number().min(0).max(1_000) });
const place = z.string().min(1).optional();
const feeds = z.object({ feed: place, path: place, url: place, statusFeed: place, statusPath: place, statusUrl: place });

/** How people and tests steer the simulated world, below `/simulator`. */
export function registerControl(app: FastifyInstance, world: World, traffickers: Drivers): void {
  const json = (reply: FastifyReply, value: Json): FastifyReply =>
    reply.type('application/json; charset=utf-8').send(writeJson(value));

  app.get('/summary', async (_request, reply) => json(reply, summaryOf(world, traffickers)));

  app.put('/traffic', async (request, reply) => {
    traffickers.tapsPerSecond = parsed(traffic, request.body).tapsPerSecond;
    return json(reply, { tapsPerSecond: traffickers.tapsPerSecond });
  });

  app.post('/drivers', async (request, reply) => {
    const given = parsed(drivers, request.body);
    for (const kind of ['online', 'offline', 'blocked', 'ended'] as const) {
      world.wallet.add(kind, given[kind].map((card) => card.uid));
    }
    return json(reply, world.wallet.counts());
  });

  app.post('/network', async (request, reply) => {
    const { feed, path, url, statusFeed, statusPath, statusUrl } = parsed(feeds, request.body);
    const from = feed ?? path ?? url;
    if (from === undefined) throw new Problem(400, 'body-malformed', 'name the feed: { "feed": "<path or URL>", "statusFeed": "…" }');
    const network = await takeFeed(world, from, statusFeed ?? statusPath ?? statusUrl);
    return json(reply, { evses: network.evses.length, operators: network.groups.length });
  });

  app.post('/taps', async (request, reply) => {
    const tap = parsed(taps, request.body);
    const evse = evseAt(world, tap.evseId ?? DEMO_EVSE_ID, tap.operatorId);
    const outcome = await tapCard(world, {
      uid: tap.uid, evse,
      play: {
        car: randomCar(world.random),
        realMs: world.config.SESSION_SECONDS * 1_000,
        speed: world.config.SPEED,
        idleShare: 0.05,
        notBefore: Math.max(world.stations.freeSince(evse.key), world.wallet.freeSince(tap.uid.toUpperCase())),
        stopsByCard: true,
      },
    });
    return json(reply, outcome.answer);
  });

  app.post('/stories/:kind', async (request, reply) => {
    const { kind } = request.params as { readonly kind: string };
    if (kind !== 'online' && kind !== 'offline') throw new Problem(404, 'not-found', `there is no story "${kind}"; there are: online, offline`);
    return json(reply, await playStory(world, kind, parsed(story, request.body ?? {}).uid));
  });

  app.get('/faults', async (_request, reply) => json(reply, world.faults));
  app.put('/faults', async (request, reply) => {
    world.faults = parsed(faultsSchema, request.body);
    return json(reply, world.faults);
  });

  app.get('/journal/acknowledged', async (_request, reply) => {
    const lines = function* (): Generator<string> {
      for (const [sessionId, at] of world.records.acknowledged()) yield `${JSON.stringify({ sessionId, at })}\n`;
    };
    return reply.type('application/x-ndjson').send(Readable.from(lines()));
  });
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const complaints = read.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
  throw new Problem(400, 'body-malformed', complaints.join('; '));
}

/** Any station may be tapped at, known to HBS or not. */
function evseAt(world: World, evseId: string, operatorId: string | undefined): Evse {
  const known = world.stations.network.evse(evseId);
  if (known !== undefined) return operatorId === undefined ? known : { ...known, operatorId };
  const operator = operatorId ?? operatorPrefixOf(evseId) ?? '';
  const made = evseOf({ EvseID: evseId, ChargingFacilities: [{ power: 22, powertype: 'AC_3_PHASE' }] }, { operatorId: operator, operatorName: operator }, 0);
  if (made === undefined) throw new Problem(400, 'body-malformed', '/evseId: is empty');
  return made;
}
