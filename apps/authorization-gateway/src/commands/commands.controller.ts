import { Caller, type CallerIdentity } from '@emp/service-kit';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Accepted } from './accept-command.ts';
import { CommandIds } from './command-ids.ts';
import {
  CommandRequest,
  CommandSelection,
  RemoteStartRequest,
  ReservationRequest,
  ResolutionRequest,
} from './command-requests.ts';
import type { CommandView } from './command-view.ts';
import { CommandsReader, type CommandPage } from './commands.reader.ts';
import { ResolveCommandHandler } from './resolve-command.handler.ts';
import { StartCommandHandler } from './start-command.handler.ts';
import { StopCommandHandler } from './stop-command.handler.ts';

const KEY = 'idempotency-key';
const RepeatableOnce = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Instead of a commandId: a repeat hears how the command stands, another wish with this key 409',
    schema: { type: 'string', maxLength: 255 },
  });

/**
 * What a driver's app asks of stations (OICP §7.1–7.4). 201: settled, or nobody knows (`state`). 202: HBS has not
 * answered yet, ask again at `Location`. 200: a repeat of the same `commandId` or `Idempotency-Key`, as it stands now.
 */
@Controller('v1')
export class CommandsController {
  constructor(
    private readonly starts: StartCommandHandler,
    private readonly stops: StopCommandHandler,
    private readonly resolutions: ResolveCommandHandler,
    private readonly reader: CommandsReader,
    private readonly ids: CommandIds,
  ) {}

  @Post('remote-starts')
  @RepeatableOnce()
  async remoteStart(
    @Body() request: RemoteStartRequest,
    @Caller() { name: caller }: CallerIdentity,
    @Headers(KEY) key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    const commandId = this.ids.of({ ...request, key, caller });
    return this.#answer(reply, await this.starts.start('remote-start', { ...request, commandId }, caller));
  }

  @Post('sessions/:sessionId/remote-stop')
  @RepeatableOnce()
  async remoteStop(
    @Param('sessionId') sessionId: string,
    @Body() request: CommandRequest,
    @Caller() { name: caller }: CallerIdentity,
    @Headers(KEY) key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    const commandId = this.ids.of({ ...request, key, caller });
    return this.#answer(reply, await this.stops.stop('remote-stop', { sessionId, commandId }, caller));
  }

  @Post('reservations')
  @RepeatableOnce()
  async reserve(
    @Body() request: ReservationRequest,
    @Caller() { name: caller }: CallerIdentity,
    @Headers(KEY) key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    const commandId = this.ids.of({ ...request, key, caller });
    return this.#answer(reply, await this.starts.start('reservation-start', { ...request, commandId }, caller));
  }

  @Post('reservations/:sessionId/cancel')
  @RepeatableOnce()
  async cancel(
    @Param('sessionId') sessionId: string,
    @Body() request: CommandRequest,
    @Caller() { name: caller }: CallerIdentity,
    @Headers(KEY) key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    const commandId = this.ids.of({ ...request, key, caller });
    return this.#answer(reply, await this.stops.stop('reservation-stop', { sessionId, commandId }, caller));
  }

  /** Newest first; `next` is the cursor of the following page. */
  @Get('commands')
  list(@Query() selection: CommandSelection): Promise<CommandPage> {
    return this.reader.page(selection);
  }

  @Get('commands/:commandId')
  one(@Param('commandId') commandId: string): Promise<CommandView> {
    return this.reader.one(commandId);
  }

  /** A person found out what became of an unknown command. */
  @Post('commands/:commandId/resolution')
  @HttpCode(200)
  async resolve(
    @Param('commandId') commandId: string,
    @Body() request: ResolutionRequest,
    @Caller() caller: CallerIdentity,
  ): Promise<CommandView> {
    return this.reader.view(await this.resolutions.resolve(commandId.toLowerCase(), request, caller.name));
  }

  #answer(reply: FastifyReply, { command, isNew }: Accepted): CommandView {
    const waiting = command.state === 'sent';
    void reply.status(waiting ? 202 : isNew ? 201 : 200).header('location', `/v1/commands/${command.command_id}`);
    return this.reader.view(command);
  }
}
