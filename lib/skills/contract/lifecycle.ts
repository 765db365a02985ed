import { z } from 'zod'
import { Override } from '@/lib/governance/contract'
import { contract, ops, service } from '@/lib/shared/contract'
import { limitOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { OneVersion, PermissionDiff, SkillStateName, Tenant } from './words'

const tag = 'skills'

const Moved = z.object({
  name: z.string(),
  version: z.string(),
  state: SkillStateName,
  previous_state: SkillStateName,
})

const Promotion = Tenant.extend({ target_state: SkillStateName })

export const promoteSkill = contract({
  method: 'POST',
  path: '/skills/{name}/{version}/promote',
  summary: 'Move a version to another state; tested needs tests that passed on exactly this content',
  guard: service('write'),
  tag,
  params: OneVersion,
  body: Promotion,
  reply: z.object({ status: z.literal('ok'), skill: Moved }),
  camel: true,
  idempotent: true,
})

export const opsPromoteSkill = contract({
  ...promoteSkill,
  path: '/ops/api/skills/{name}/{version}/promote',
  guard: ops('skill:promote'),
  body: Promotion.extend({
    override: Override.optional().meta({ description: 'Passes missing tests, with a receipt; needs override:use' }),
  }),
  reply: z.object({
    status: z.literal('ok'),
    skill: Moved,
    permission_diff: PermissionDiff,
    override_used: z.boolean(),
    receipt_id: z.string().nullable(),
  }),
})

export const skillState = contract({
  method: 'GET',
  path: '/skills/{name}/{version}/state',
  summary: 'The state of a version, and whether runs may use it',
  guard: service('read'),
  tag,
  params: OneVersion,
  query: Tenant,
  reply: z.object({
    name: z.string(),
    version: z.string(),
    state: SkillStateName,
    is_executable: z.boolean(),
    updated_at: Timestamp,
  }),
  camel: true,
})
export const opsSkillState = contract({
  ...skillState,
  path: '/ops/api/skills/{name}/{version}/state',
  guard: ops('skill:view'),
})

export const skillsByState = contract({
  method: 'GET',
  path: '/skills/by-state',
  summary: 'Versions in one state, newest first',
  guard: service('read'),
  tag,
  query: Tenant.extend({ state: SkillStateName, limit: limitOf(500, 100) }),
  reply: z.object({
    state: SkillStateName,
    skills: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        state: SkillStateName,
        description: z.string(),
        published_at: Timestamp,
      }),
    ),
    count: z.number().int(),
  }),
  camel: true,
})
export const opsSkillsByState = contract({
  ...skillsByState,
  path: '/ops/api/skills/by-state',
  guard: ops('skill:view'),
})
