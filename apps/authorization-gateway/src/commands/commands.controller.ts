import { Caller, type CallerIdentity } from '@emp/service-kit';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Accepted } from './accept-command.ts';
import { Sender, type CommandSender } from './command-sender.ts';
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
    @Sender() sender: CommandSender,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    return this.#start('remote-start', request, sender, reply);
  }

  @Post('sessions/:sessionId/remote-stop')
  @RepeatableOnce()
  async remoteStop(
    @Param('sessionId') sessionId: string,
    @Body() request: CommandRequest,
    @Sender() sender: CommandSender,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    return this.#stop('remote-stop', { ...request, sessionId }, sender, reply);
  }

  @Post('reservations')
  @RepeatableOnce()
  async reserve(
    @Body() request: ReservationRequest,
    @Sender() sender: CommandSender,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    return this.#start('reservation-start', request, sender, reply);
  }

  @Post('reservations/:sessionId/cancel')
  @RepeatableOnce()
  async cancel(
    @Param('sessionId') sessionId: string,
    @Body() request: CommandRequest,
    @Sender() sender: CommandSender,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    return this.#stop('reservation-stop', { ...request, sessionId }, sender, reply);
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

  async #start(
    kind: 'remote-start' | 'reservation-start',
    request: ReservationRequest,
    sender: CommandSender,
    reply: FastifyReply,
  ): Promise<CommandView> {
    const commandId = this.ids.of({ ...request, ...sender });
    return this.#answer(reply, await this.starts.start(kind, { ...request, commandId }, sender.caller));
  }

  async #stop(
    kind: 'remote-stop' | 'reservation-stop',
    { sessionId, ...request }: CommandRequest & { readonly sessionId: string },
    sender: CommandSender,
    reply: FastifyReply,
  ): Promise<CommandView> {
    const commandId = this.ids.of({ ...request, ...sender });
    return this.#answer(reply, await this.stops.stop(kind, { sessionId, commandId }, sender.caller));
  }

  #answer(reply: FastifyReply, { command, isNew }: Accepted): CommandView {
    const waiting = command.state === 'sent';
    void reply.status(waiting ? 202 : isNew ? 201 : 200).header('location', `/v1/commands/${command.command_id}`);
    return this.reader.view(command);
  }
}
