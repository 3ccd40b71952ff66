import { providerKey } from '@emp/oicp';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerWithFault } from '../faults/hub-faults.ts';
import { isObject, parseJson, textIn, writeJson } from '../json.ts';
import type { World } from '../world.ts';
import { getChargeDetailRecords } from './get-charge-detail-records.ts';
import { faultBody, missing, type HubOperation, type HubReply } from './hub-call.ts';
import { pullEvseData } from './pull-evse-data.ts';
import { pullEvseStatus, pullEvseStatusById, pullEvseStatusByOperatorId } from './pull-evse-status.ts';
import { pullEvsePricing, pullPricingProductData } from './pull-pricing.ts';
import { pushAuthenticationData } from './push-authentication-data.ts';
import { authorizeRemoteStart, stopSession } from './remote-charging.ts';
import { reservationStart } from './reservation.ts';
import { statusCodeJson } from './status-code.ts';

/** What an EMP calls (OICP §2.2): path below `/api/oicp` and operation. */
const OPERATIONS: readonly (readonly [path: string, operation: HubOperation])[] = [
  ['/charging/v21/providers/:providerId/authorize-remote/start', authorizeRemoteStart],
  ['/charging/v21/providers/:providerId/authorize-remote/stop', stopSession],
  ['/reservation/v11/providers/:providerId/reservation-start-request', reservationStart],
  ['/reservation/v11/providers/:providerId/reservation-stop-request', stopSession],
  ['/authdata/v21/providers/:providerId/push-request', pushAuthenticationData()],
  ['/cdrmgmt/v22/providers/:providerId/get-charge-detail-records-request', getChargeDetailRecords],
  ['/evsepull/v23/providers/:providerId/data-records', pullEvseData],
  ['/evsepull/v21/providers/:providerId/status-records', pullEvseStatus],
  ['/evsepull/v21/providers/:providerId/status-records-by-id', pullEvseStatusById],
  ['/evsepull/v21/providers/:providerId/status-records-by-operator-id', pullEvseStatusByOperatorId],
  ['/dynamicpricing/v10/providers/:providerId/pricing-products', pullPricingProductData],
  ['/dynamicpricing/v10/providers/:providerId/evse-pricing', pullEvsePricing],
];

/** Registers HBS as an EMP meets it, every reply with its Process-ID. */
export function registerHub(app: FastifyInstance, world: World): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
  app.addHook('onRequest', async (_request, reply) => answerWithFault(world, reply));
  for (const [path, operation] of OPERATIONS) {
    app.post(path, async (request, reply) => {
      world.tally.called(path.slice(path.lastIndexOf('/') + 1));
      return send(reply, await carryOut(world, operation, request));
    });
  }
}

async function carryOut(world: World, operation: HubOperation, request: FastifyRequest): Promise<HubReply> {
  const { providerId } = request.params as { readonly providerId: string };
  const body = parseJson(typeof request.body === 'string' ? request.body : '');
  if (!isObject(body)) return faultBody('Error parsing/validating JSON.', [{ field: '', error: 'not a JSON object' }]);
  const data = isObject(body['ProviderAuthenticationData']) ? body['ProviderAuthenticationData'] : body;
  const claimed = textIn(data, 'ProviderID');
  if (claimed === undefined && !request.url.includes('/pricing-products')) return missing('providerID');
  if (claimed !== undefined && providerKey(claimed) !== providerKey(providerId)) {
    return { httpStatus: 401, text: writeJson({ StatusCode: statusCodeJson({ code: '017' }) }) };
  }
  return operation({ world, providerId: claimed ?? providerId, body, query: request.query });
}

function send(reply: FastifyReply, { httpStatus, text, lost }: HubReply): FastifyReply {
  if (lost === true) {
    reply.hijack();
    reply.raw.socket?.destroy();
    return reply;
  }
  return reply
    .status(httpStatus ?? 200)
    .header('process-id', globalThis.crypto.randomUUID())
    .header('content-type', 'application/json;charset=utf-8')
    .send(text);
}
