import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type WireRecord = Readonly<Record<string, unknown>> & { readonly EvseID?: string };
export type WireStatus = { readonly EvseID: string; readonly EvseStatus: string };

/** An HBS that lists what it is told, and breaks where it is told. */
export class FakeHbs {
  records: readonly unknown[] = [];
  statuses: readonly WireStatus[] = [];
  /** By operator id. */
  prices: Readonly<Record<string, unknown>> = {};
  /** Page whose answer breaks off in the middle. */
  cutOffPage: number | null = null;
  cutOffStatus = false;
  refusePrices = false;
  /** Called before a page is answered: the place to shift records. */
  beforePage: (page: number) => void | Promise<void> = () => undefined;
  readonly asked: { readonly path: string; readonly body: Record<string, unknown> }[] = [];
  readonly #server: Server;

  reset(): void {
    Object.assign(
      this, { records: [], statuses: [], prices: {}, cutOffPage: null, cutOffStatus: false, refusePrices: false }
    );
    this.beforePage = () => undefined;
    this.asked.length = 0;
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeHbs> {
    const server = createServer();
    const hbs = new FakeHbs(server);
    server.on('request', (request, response) => void hbs.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return hbs;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/oicp`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://hbs');
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    this.asked.push({ path: url.pathname + url.search, body });
    response.setHeader('content-type', 'application/json;charset=utf-8').setHeader(
      'process-id', '00000000-0000-4000-8000-000000000001'
    );
    if (url.pathname.endsWith('/data-records')) await this.#page(url, response);
    else if (url.pathname.endsWith('/status-records')) this.#status(response);
    else this.#pricing(body, response);
  }

  async #page(url: URL, response: ServerResponse): Promise<void> {
    const [page, size] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('size'))];
    await this.beforePage(page);
    const content = this.records.slice(page * size, (page + 1) * size);
    const totalPages = Math.ceil(this.records.length / size);
    const text = JSON.stringify({
      content, number: page, size, totalElements: this.records.length, last: page + 1 >= totalPages, totalPages,
      first: page === 0, numberOfElements: content.length, StatusCode: {
        Code: '000', Description: null, AdditionalInfo: null
      },
    });
    send(response, text, this.cutOffPage === page);
  }

  #status(response: ServerResponse): void {
    const text = JSON.stringify({
      EvseStatuses: {
        OperatorEvseStatus: [{ OperatorID: 'DE*ABC', OperatorName: 'ABC', EvseStatusRecord: this.statuses }]
      },
      StatusCode: { Code: '000', Description: null, AdditionalInfo: null },
    });
    send(response, text, this.cutOffStatus);
  }

  #pricing(body: Record<string, unknown>, response: ServerResponse): void {
    if (this.refusePrices) {
      response.statusCode = 403;
      response.end(JSON.stringify(
        { StatusCode: { Code: '210', Description: 'No active subscription found', AdditionalInfo: null } }
      ));
      return;
    }
    const operators = (body['OperatorIDs'] ?? []) as readonly string[];
    response.end(JSON.stringify(
      { PricingProductData: operators.flatMap((id) => this.prices[id] ?? []), StatusCode: { Code: '000' } }
    ));
  }
}

function send(response: ServerResponse, text: string, cutOff: boolean): void {
  if (!cutOff) response.end(text);
  else response.write(text.slice(0, text.length / 2), () => response.destroy());
}

/** A record as HBS sends it, sound in every respect. */
export function wireRecord(EvseID: string, more: Readonly<Record<string, unknown>> = {}): WireRecord {
  return {
    deltaType: 'insert', lastUpdate: '2026-05-01T08:00:00+02:00', EvseID, ChargingPoolID: null, ChargingStationID: 'S1',
    ChargingStationNames: [
      { lang: 'de', value: 'Rathaus' }
    ], HardwareManufacturer: null, ChargingStationImage: null, SubOperatorName: null,
    Address: { Country: 'DEU', City: 'Berlin', Street: 'Straße', PostalCode: '10829', HouseNum: '22', Floor: null,
    Region: null,
      ParkingFacility: null, ParkingSpot: null, TimeZone: null },
    GeoCoordinates: {
      Google: null, DecimalDegree: { Longitude: '13.356465', Latitude: '52.480495' }, DegreeMinuteSeconds: null
    },
    Plugs: ['Type 2 Outlet'], DynamicPowerLevel: null,
    ChargingFacilities: [{ PowerType: 'AC_3_PHASE', Voltage: 230, Amperage: 32, Power: 22, ChargingModes: ['Mode_3'] }],
    RenewableEnergy: true, EnergySource: null, EnvironmentalImpact: null, CalibrationLawDataAvailability: 'External',
    AuthenticationModes: [
      'NFC RFID Classic', 'REMOTE'
    ], MaxCapacity: null, PaymentOptions: ['Contract'], ValueAddedServices: ['None'],
    Accessibility: 'Free publicly accessible', AccessibilityLocation: 'OnStreet', HotlinePhoneNumber: '+4930123456',
    AdditionalInfo: null,
    ChargingStationLocationReference: null, GeoChargingPointEntrance: null, IsOpen24Hours: true, OpeningTimes: null,
    HubOperatorID: null,
    ClearinghouseID: null, IsHubjectCompatible: true, DynamicInfoAvailable: 'true', OperatorID: 'DE*ABC',
    OperatorName: 'ABC technologies',
    ...more,
  };
}

export const network = (count: number): WireRecord[] =>
  Array.from({ length: count }, (_, index) => wireRecord(`DE*ABC*E${String(index + 1).padStart(4, '0')}`));
