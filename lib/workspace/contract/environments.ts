import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { cursorOf, limitOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { EnvironmentName } from '../contract'
import { VersionDigits } from './version'

export const ENVIRONMENT_STAGES = ['dev', 'staging', 'prod'] as const

const MOST_PINNED = 64
export const SkillPins = z
  .record(
    z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'must be a skill name'),
    z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/, 'must be x.y.z'),
  )
  .refine((pins) => Object.keys(pins).length <= MOST_PINNED, `must have at most ${MOST_PINNED} skills`)

const word = z.string().trim().min(1).max(200)
const text = z.string().nullable()
const Where = z.object({ tenant_id: TenantId.optional(), workspace_id: WorkspaceId })

export const CanaryView = z.object({
  version_hash: z.string(),
  percent: z.number().int().min(0).max(100),
  users: z.array(z.string()),
  started_at: Timestamp,
})
export type CanaryView = z.output<typeof CanaryView>

export const PinView = z.object({
  id: z.string(),
  workspace_id: z.string(),
  environment: z.string(),
  version_hash: z.string(),
  skill_pins: z.record(z.string(), z.string()),
  model_pin: text,
  provider_pin: text,
  canary: CanaryView.nullable(),
  revision: z
    .number()
    .int()
    .meta({ description: 'Grows with each change; sent back, it tells that nobody was faster' }),
  pinned_at: Timestamp,
  pinned_by: z.string(),
})
export type PinView = z.output<typeof PinView>

const Expected = z
  .number()
  .int()
  .min(0)
  .optional()
  .meta({ description: 'The revision that the caller has seen, 0 for no pin: another one is a conflict' })

const Reason = z.string().trim().max(1000).optional().meta({ description: 'Kept in the history and the audit log' })

export const PinBody = Where.extend({
  environment: EnvironmentName.optional().meta({ description: 'The default one of the workspace unless given' }),
  version_hash: VersionDigits,
  skill_pins: SkillPins.optional().meta({ description: 'Skills of the registry; omitted they stay as they are' }),
  model_pin: word.nullable().optional().meta({ description: 'The one model of runs here; null takes it away' }),
  provider_pin: word.nullable().optional().meta({ description: 'The one provider of runs here; null takes it away' }),
  expected_revision: Expected,
  reason: Reason,
  pinned_by: z.string().max(200).optional().meta({ description: 'Accepted and not believed: it is who asks' }),
})
export type PinBody = z.output<typeof PinBody>

const tag = 'environments'
const verbatim = ['skill_pins']

const setting = {
  method: 'POST',
  tag,
  camel: true,
  verbatim,
  status: 201,
  summary: 'Pin an environment to a version: its runs get that one and no other. What is omitted stays as it is',
  body: PinBody,
  reply: z.object({ status: z.literal('ok'), pin: PinView }),
} as const
export const setPin = contract({ ...setting, path: '/workspace/pin', guard: service('write') })
export const opsSetPin = contract({ ...setting, path: '/ops/api/workspace/pin', guard: ops('workspace:edit') })

const PinQuery = Where.extend({ environment: EnvironmentName.optional() })

const getting = {
  method: 'GET',
  tag,
  camel: true,
  verbatim,
  summary: 'What an environment is pinned to',
  query: PinQuery,
  reply: z.object({ pin: PinView }),
} as const
export const getPin = contract({ ...getting, path: '/workspace/pin', guard: service('read') })
export const opsGetPin = contract({ ...getting, path: '/ops/api/workspace/pin', guard: ops('workspace:view') })

const removing = {
  method: 'DELETE',
  tag,
  camel: true,
  summary: 'Take a pin away: runs there get the files as they are',
  query: PinQuery,
  reply: z.object({ status: z.literal('ok'), deleted: z.literal(true) }),
} as const
export const removePin = contract({ ...removing, path: '/workspace/pin', guard: service('write') })
export const opsRemovePin = contract({ ...removing, path: '/ops/api/workspace/pin', guard: ops('workspace:edit') })

const Params = z.object({ workspaceId: WorkspaceId })
const Tenant = z.object({ tenant_id: TenantId.optional() })

const listing = {
  method: 'GET',
  tag,
  camel: true,
  verbatim,
  summary: 'All pins of a workspace',
  params: Params,
  query: Tenant,
  reply: z.object({ workspace_id: z.string(), pins: z.array(PinView) }),
} as const
export const listPins = contract({ ...listing, path: '/workspace/{workspaceId}/pins', guard: service('read') })
export const opsListPins = contract({
  ...listing,
  path: '/ops/api/workspaces/{workspaceId}/pins',
  guard: ops('workspace:view'),
})

const PinSetView = z.object({
  version_hash: z.string(),
  skill_pins: z.record(z.string(), z.string()),
  model_pin: text,
  provider_pin: text,
  canary: CanaryView.nullable(),
})

export const PIN_CHANGES = ['pin', 'unpin', 'promotion', 'rollback', 'canary'] as const

export const PinChangeView = z.object({
  id: z.string(),
  workspace_id: z.string(),
  environment: z.string(),
  kind: z.enum(PIN_CHANGES),
  revision: z.number().int(),
  before: PinSetView.nullable(),
  after: PinSetView.nullable(),
  promotion_id: text,
  reason: text,
  changed_by: z.string(),
  changed_at: Timestamp,
})
export type PinChangeView = z.output<typeof PinChangeView>

export const HistoryCursor = cursorOf(z.tuple([Timestamp, z.string()]))

const history = {
  method: 'GET',
  tag,
  camel: true,
  verbatim,
  summary: 'Every change of the pins of a workspace, newest first',
  params: Params,
  query: Tenant.extend({
    environment: EnvironmentName.optional(),
    limit: limitOf(200, 50),
    cursor: HistoryCursor.optional(),
  }),
  reply: z.object({
    workspace_id: z.string(),
    changes: z.array(PinChangeView),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
} as const
export const pinHistory = contract({
  ...history,
  path: '/workspace/{workspaceId}/pins/history',
  guard: service('read'),
})
export const opsPinHistory = contract({
  ...history,
  path: '/ops/api/workspaces/{workspaceId}/pins/history',
  guard: ops('workspace:view'),
})

export const EnvironmentView = z.object({
  id: z.string(),
  workspace_id: z.string(),
  environment: z.string(),
  description: text,
  version_hash: text.meta({ description: 'Of its pin; null where nothing is pinned' }),
  is_default: z.boolean(),
  locked: z.boolean(),
  gated: z.boolean().meta({ description: 'What runs here asks for promotions: pins and new canaries are refused' }),
  pin: PinView.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type EnvironmentView = z.output<typeof EnvironmentView>

export const EnvironmentBody = Where.extend({
  environment: EnvironmentName,
  description: z.string().trim().max(500).nullable().optional(),
  version_hash: VersionDigits.optional().meta({
    description: 'Pins it: the version of an environment is that of its pin',
  }),
  is_default: z.boolean().optional().meta({ description: 'true takes it from the one that was the default' }),
  locked: z.boolean().optional().meta({ description: 'Changing it asks for the scope admin or workspace:lock' }),
  expected_revision: Expected,
  reason: Reason,
})
export type EnvironmentBody = z.output<typeof EnvironmentBody>

const saving = {
  method: 'POST',
  tag,
  camel: true,
  verbatim,
  status: 201,
  summary: 'Make or change an environment; what is omitted stays as it is, and exactly one is the default',
  body: EnvironmentBody,
  reply: z.object({ status: z.literal('ok'), environment: EnvironmentView }),
} as const
export const saveEnvironment = contract({ ...saving, path: '/workspace/envs', guard: service('write') })
export const opsSaveEnvironment = contract({
  ...saving,
  path: '/ops/api/workspace/envs',
  guard: ops('workspace:edit'),
})

const listingEnvironments = {
  method: 'GET',
  tag,
  camel: true,
  verbatim,
  summary: 'The environments of a workspace: dev, staging, prod, then the others',
  query: Where,
  reply: z.object({ workspace_id: z.string(), environments: z.array(EnvironmentView) }),
} as const
export const listEnvironments = contract({ ...listingEnvironments, path: '/workspace/envs', guard: service('read') })
export const opsListEnvironments = contract({
  ...listingEnvironments,
  path: '/ops/api/workspace/envs',
  guard: ops('workspace:view'),
})

export const InitBody = Where.extend({ default_env: z.enum(ENVIRONMENT_STAGES).default('dev') })

const initialising = {
  method: 'POST',
  tag,
  camel: true,
  status: 201,
  summary: 'Make dev, staging and a locked prod where they are missing; what is there is left alone',
  body: InitBody,
  reply: z.object({
    status: z.literal('ok'),
    environments: z.array(z.object({ environment: z.string(), is_default: z.boolean(), locked: z.boolean() })),
  }),
} as const
export const initEnvironments = contract({ ...initialising, path: '/workspace/envs/init', guard: service('write') })
export const opsInitEnvironments = contract({
  ...initialising,
  path: '/ops/api/workspace/envs/init',
  guard: ops('workspace:edit'),
})
