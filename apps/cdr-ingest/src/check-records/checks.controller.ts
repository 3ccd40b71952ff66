import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CheckLimits } from '../domain/check-context.ts';
import { listChecks, type ListedCheck } from '../domain/check-policy.ts';
import { LIMITS } from '../tokens.ts';

/** What records are checked for. */
@ApiTags('checks')
@Controller('v1/checks')
export class ChecksController {
  constructor(@Inject(LIMITS) private readonly limits: CheckLimits) {}

  @Get()
  @ApiOperation({ summary: 'Every check: code, what is done about it and who decided that, where the rule comes from' })
  list(): { readonly checks: readonly ListedCheck[] } {
    return { checks: listChecks(this.limits.policy) };
  }
}
