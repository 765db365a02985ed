import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { Checksum, ContentHash, OneSkill, PermissionDiff, SkillStateName, Tenant, VersionAsked } from './words'

const tag = 'skills'

const Listing = Tenant.extend({
  q: z.string().trim().max(200).optional().meta({ description: 'Words of name, description and tags' }),
  limit: limitOf(100, 50),
  offset: Offset,
})
export type Listing = z.output<typeof Listing>

const Row = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  checksum: Checksum,
  published_at: Timestamp,
})

export const listRegistry = contract({
  method: 'GET',
  path: '/skills/registry',
  summary: 'The latest version of each published skill, without deprecated ones',
  guard: service('read'),
  tag,
  query: Listing,
  reply: z.object({ skills: z.array(Row), total: z.number().int(), has_more: z.boolean() }),
  camel: true,
})

export const RegistryRow = Row.extend({
  state: SkillStateName,
  permissions: z.array(z.string()).meta({ description: 'Tools that the manifest asks for' }),
  last_used: Timestamp.nullable().meta({ description: 'The day of the newest run that carried any version' }),
  usage_count: z.number().int().meta({ description: 'Runs that carried any version' }),
  error_count: z.number().int().meta({ description: 'Those of them that failed' }),
  total_cost_micro_usd: z.number().int().meta({ description: 'What all of them cost' }),
  version_count: z.number().int(),
  environments: z.array(z.object({ workspace_id: z.string(), environment: z.string(), version: z.string() })),
  permission_diff: PermissionDiff,
  is_signed: z.boolean(),
})
export type RegistryRow = z.output<typeof RegistryRow>

export const RegistryPage = z.object({ skills: z.array(RegistryRow), total: z.number().int(), has_more: z.boolean() })
export const opsListRegistry = contract({
  ...listRegistry,
  path: '/ops/api/skills/registry',
  summary: 'The same with use, environments and what each version may do that the one before could not',
  guard: ops('skill:view'),
  reply: RegistryPage,
})

export const RegistrySkill = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  manifest: z.record(z.string(), z.unknown()),
  instructions: z.string(),
  checksum: Checksum,
  content_hash: ContentHash,
  published_at: Timestamp,
  published_by: z.string(),
  state: SkillStateName,
  signed_by: z.string().nullable(),
  signature_status: z
    .enum(['unsigned', 'valid', 'invalid'])
    .meta({ description: 'By the signers that are trusted now; invalid ones do not run' }),
  next_states: z.array(SkillStateName),
})

export const getRegistrySkill = contract({
  method: 'GET',
  path: '/skills/registry/{name}',
  summary: 'One version in any state; without `version` the highest active one, else the highest of all',
  guard: service('read'),
  tag,
  params: OneSkill,
  query: Tenant.extend({ version: VersionAsked.optional() }),
  reply: z.object({ skill: RegistrySkill }),
  camel: true,
  verbatim: ['manifest'],
  aliases: [
    {
      on: 'skill',
      lift: ['name', 'version', 'state', 'description', 'checksum', 'published_at', 'manifest'],
    },
  ],
})
export const opsGetRegistrySkill = contract({
  ...getRegistrySkill,
  path: '/ops/api/skills/registry/{name}',
  guard: ops('skill:view'),
})

export const listSkillVersions = contract({
  method: 'GET',
  path: '/skills/registry/{name}/versions',
  summary: 'All versions of a skill, newest first',
  guard: service('read'),
  tag,
  params: OneSkill,
  query: Tenant,
  reply: z.object({
    name: z.string(),
    versions: z.array(z.string()),
    items: z.array(
      z.object({
        version: z.string(),
        state: SkillStateName,
        published_at: Timestamp,
        checksum: Checksum,
        content_hash: ContentHash,
        signed_by: z.string().nullable(),
      }),
    ),
  }),
  camel: true,
})
export const opsListSkillVersions = contract({
  ...listSkillVersions,
  path: '/ops/api/skills/registry/{name}/versions',
  guard: ops('skill:view'),
})

export const VersionStats = z.object({
  version: z.string(),
  state: SkillStateName,
  usage_count: z.number().int().meta({ description: 'Runs of every kind that carried it, tests and evaluations too' }),
  error_count: z.number().int(),
  error_rate: z.number(),
  total_cost: z.number(),
  total_cost_micro_usd: z.number().int(),
  avg_cost: z.number(),
  first_used: Timestamp.nullable(),
  last_used: Timestamp.nullable(),
  tests: z.object({
    runs: z.number().int(),
    last_status: z.enum(['passed', 'failed']).nullable(),
    last_pass_rate: z.number().nullable(),
  }),
  evals: z.object({
    runs: z.number().int(),
    pass_rate: z.number().nullable().meta({ description: 'Of the newest one that has come to its end' }),
    last_id: z.string().nullable(),
  }),
})
export type VersionStats = z.output<typeof VersionStats>

export const skillStats = contract({
  method: 'GET',
  path: '/skills/registry/{name}/stats',
  summary: 'How each version of a skill did: runs, failures, cost, tests and evaluations',
  guard: service('read'),
  tag,
  params: OneSkill,
  query: Tenant.extend({
    days: z.coerce.number().int().min(1).max(365).default(90).meta({ description: 'Days of UTC, today among them' }),
  }),
  reply: z.object({ name: z.string(), days: z.number().int(), versions: z.array(VersionStats) }),
  camel: true,
})
export const opsSkillStats = contract({
  ...skillStats,
  path: '/ops/api/skills/registry/{name}/stats',
  guard: ops('skill:view'),
})
