import type { Cdr, PrismaClient } from '@emp/prisma-cdr-ingest';
import { Problem, RequireScope } from '@emp/service-kit';
import { transparencyXml } from '@emp/signed-metering';
import type { Vault } from '@emp/vault';
import { Controller, Get, Header, Headers, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { leadingCdr } from '../cdrs/cdrs.reader.ts';
import { readQuery } from '../cdrs/read-query.ts';
import { explainMetering, type ExplainedMetering, type Language } from '../domain/explain-metering.ts';
import type { MeteringDifferences, MeteringQuestions } from '../domain/metering-outcome.ts';
import { readSigned } from '../receive-cdr/read-record.ts';
import { PRISMA, VAULT } from '../tokens.ts';
import { findMetering } from './metering-view.ts';

const languageQuery = z.object({ language: z.enum(['de', 'en']).optional() });

/** What a driver may hold in hands: the signed values, and what they prove. */
@ApiTags('charge detail records')
@Controller('v1/cdrs/:sessionId')
export class DriverEvidenceController {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(VAULT) private readonly vault: Vault,
  ) {}

  @Get('transparency.xml')
  @Header('content-type', 'application/xml; charset=utf-8')
  @RequireScope('secrets')
  @ApiOperation({
    summary: 'The signed metering values, for the transparency software of S.A.F.E. e.V.',
    description: 'Byte for byte what the meter signed, which may name the card: takes the scope `secrets`.',
  })
  async transparency(@Param('sessionId') sessionId: string): Promise<string> {
    const cdr = await this.#cdr(sessionId);
    const { values, publicKey } = readSigned(this.vault.open(cdr.sealedRecord));
    const key = (await this.#verifyingKey(cdr.id)) ?? publicKey ?? undefined;
    const xml = transparencyXml(values, key);
    if (xml.ok) return xml.value;
    throw new Problem(404, 'no-signed-values', `the record of session ${cdr.sessionId}: ${xml.refusal.detail}`);
  }

  @Get('explanation')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({
    summary: 'What the signed metering values prove, in plain words',
    description: '`language=de|en`, else by Accept-Language.',
  })
  async explanation(
    @Param('sessionId') sessionId: string, @Query() query: unknown, @Headers('accept-language') accepted?: string,
  ): Promise<string> {
    const { language = preferred(accepted) } = readQuery(languageQuery, query);
    const cdr = await this.#cdr(sessionId);
    const view = await findMetering(this.prisma, cdr.id);
    const { differences, ...questions } = view.questions as unknown as
      MeteringQuestions & { readonly differences: MeteringDifferences };
    const told = { ...view, questions, differences, billedKwh: cdr.energyKwh?.toFixed() ?? null } as ExplainedMetering;
    return explainMetering(told, language);
  }

  async #cdr(sessionId: string): Promise<Cdr> {
    const cdr = await leadingCdr(this.prisma, sessionId);
    if (cdr) return cdr;
    throw new Problem(404, 'cdr-unknown', `no charge detail record came for session ${sessionId}`);
  }

  /** The one that verified, if the registry has it. */
  async #verifyingKey(cdrId: string): Promise<string | undefined> {
    const { keyFingerprint } = await findMetering(this.prisma, cdrId);
    if (keyFingerprint === null) return undefined;
    return (await this.prisma.meterKey.findFirst({ where: { fingerprint: keyFingerprint } }))?.publicKey;
  }
}

const preferred = (accepted = ''): Language => (/^\s*de\b/i.test(accepted) ? 'de' : 'en');
