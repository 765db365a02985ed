import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { EnvironmentName } from '../contract'
import { PinView } from './environments'
import { VersionDigits } from './version'

const MOST_USERS = 1_000

const Params = z.object({ workspaceId: WorkspaceId })
const Where = z.object({ tenant_id: TenantId.optional(), environment: EnvironmentName.optional() })
const Reason = z.string().trim().max(1000).optional()
const Expected = z.number().int().min(0).optional()

export const CanaryBody = Where.extend({
  version_hash: VersionDigits.optional().meta({ description: 'Omitted, the canary that runs is changed' }),
  percent: z.number().int().min(0).max(100).optional().meta({ description: 'Of people; 0 unless given or running' }),
  users: z
    .array(z.string().min(1).max(256))
    .max(MOST_USERS)
    .optional()
    .meta({ description: 'Who gets it whatever the percentage' }),
  expected_revision: Expected,
  reason: Reason,
})
export type CanaryBody = z.output<typeof CanaryBody>

const tag = 'environments'
const camel = true
const verbatim = ['skill_pins']
const reply = z.object({ status: z.literal('ok'), pin: PinView })

const setting = {
  method: 'POST',
  ...{ tag, camel, verbatim, reply },
  summary: 'Give a part of the people another version, or change which part',
  params: Params,
  body: CanaryBody,
} as const
export const setCanary = contract({ ...setting, path: '/workspace/{workspaceId}/canary', guard: service('write') })
export const opsSetCanary = contract({
  ...setting,
  path: '/ops/api/workspaces/{workspaceId}/canary',
  guard: ops('workspace:promote'),
})

const ending = {
  method: 'DELETE',
  ...{ tag, camel, verbatim, reply },
  summary: 'End a canary: everybody gets the pinned version again',
  params: Params,
  query: Where,
} as const
export const endCanary = contract({ ...ending, path: '/workspace/{workspaceId}/canary', guard: service('write') })
export const opsEndCanary = contract({
  ...ending,
  path: '/ops/api/workspaces/{workspaceId}/canary',
  guard: ops('workspace:promote'),
})

const promoting = {
  method: 'POST',
  ...{ tag, camel, verbatim, reply },
  summary: 'Everybody gets the version of the canary: it becomes the pinned one',
  params: Params,
  body: Where.extend({ expected_revision: Expected, reason: Reason }),
} as const
export const promoteCanary = contract({
  ...promoting,
  path: '/workspace/{workspaceId}/canary/promote',
  guard: service('write'),
})
export const opsPromoteCanary = contract({
  ...promoting,
  path: '/ops/api/workspaces/{workspaceId}/canary/promote',
  guard: ops('workspace:promote'),
})

const count = () => z.number().int().min(0)
const ms = z.number().int().nullable()

export const ArmView = z.object({
  version_hash: z.string(),
  runs: count().meta({ description: 'Begun since the canary began; replays and rehearsals do not count' }),
  ended: count(),
  errors: count().meta({ description: 'Ended with an error or too late' }),
  error_rate: z.number().nullable().meta({ description: 'Of those that ended; null where none did' }),
  p50_duration_ms: ms,
  p95_duration_ms: ms,
  total_cost: z.number(),
  average_cost: z.number().nullable(),
  input_tokens: count(),
  output_tokens: count(),
  average_tokens: z.number().nullable(),
  refused_runs: count().meta({ description: 'That a policy refused before they began; they are no runs' }),
  refused_tool_calls: count(),
})
export type ArmView = z.output<typeof ArmView>

export const CanaryComparison = z.object({
  workspace_id: z.string(),
  environment: z.string(),
  pin_id: z.string(),
  revision: count(),
  percent: count(),
  users: z.array(z.string()),
  since: Timestamp,
  stable: ArmView,
  canary: ArmView,
  error_rate_difference: z
    .object({
      difference: z.number().meta({ description: 'Canary less stable' }),
      low: z.number(),
      high: z.number(),
      confidence: z.number(),
      verdict: z.enum(['better', 'worse', 'no_difference_shown']),
    })
    .nullable()
    .meta({ description: 'Of two proportions, after Newcombe; null while one arm has no run that ended' }),
})
export type CanaryComparison = z.output<typeof CanaryComparison>

const comparing = {
  method: 'GET',
  ...{ tag, camel },
  summary: 'The two arms of a canary since it began',
  params: Params,
  query: Where,
  reply: CanaryComparison,
} as const
export const compareArms = contract({ ...comparing, path: '/workspace/{workspaceId}/canary', guard: service('read') })
export const opsCompareArms = contract({
  ...comparing,
  path: '/ops/api/workspaces/{workspaceId}/canary',
  guard: ops('workspace:view'),
})
