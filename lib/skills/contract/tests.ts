import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { ContentHash, OneSkill, Tenant, VersionAsked } from './words'

const tag = 'skills'

export const SkillTestOptions = Tenant.extend({
  workspace_id: WorkspaceId.optional().meta({ description: 'Whose files the skill is tried among; default' }),
  model: z.string().min(1).max(200).optional(),
  temperature: z.number().min(0).max(2).optional(),
  mock_tools: z.boolean().default(true).meta({ description: 'False lets tools that only read be really called' }),
  timeout: z.number().int().min(1).max(600_000).default(30_000).meta({ description: 'Milliseconds for one test' }),
})
export type SkillTestOptions = z.output<typeof SkillTestOptions>

export const SkillTestResult = z.object({
  test_name: z.string(),
  passed: z.boolean(),
  expected: z.unknown().optional(),
  actual: z.unknown().optional(),
  diff: z.array(z.string()).optional(),
  duration_ms: z.number().int(),
  cost: z.number(),
  cost_micro_usd: z.number().int(),
  trace_id: z.string().nullable(),
  error: z.string().optional(),
  output: z.string().optional(),
  withheld: z.boolean().optional().meta({ description: 'What the run said is kept from this reader' }),
})
export type SkillTestResult = z.output<typeof SkillTestResult>

export const SkillTestReport = z.object({
  id: Uuid,
  skill_name: z.string(),
  skill_version: z.string(),
  content_hash: ContentHash,
  model: z.string(),
  mocked: z.boolean(),
  pass_count: z.number().int(),
  fail_count: z.number().int(),
  pass_rate: z.number(),
  total_duration_ms: z.number().int(),
  total_cost: z.number(),
  total_cost_micro_usd: z.number().int(),
  started_at: Timestamp,
  completed_at: Timestamp,
  run_by: z.string(),
  results: z.array(SkillTestResult),
})
export type SkillTestReport = z.output<typeof SkillTestReport>

const Status = z.enum(['passed', 'failed'])

export const testSkill = contract({
  method: 'POST',
  path: '/skills/registry/{name}/test',
  summary: 'Run the tests of a version through the real run loop',
  guard: service('write'),
  tag,
  params: OneSkill,
  query: Tenant.extend({ version: VersionAsked.optional() }),
  body: SkillTestOptions,
  reply: z.object({
    status: Status,
    result: SkillTestReport,
    skill: z.string(),
    version: z.string(),
    results: z.array(
      z.object({ name: z.string(), status: Status, duration_ms: z.number().int(), error: z.string().optional() }),
    ),
    summary: z.object({ total: z.number().int(), passed: z.number().int(), failed: z.number().int() }),
  }),
  camel: true,
  verbatim: ['expected', 'actual'],
  doubled: ['result'],
  idempotent: true,
})
export const opsTestSkill = contract({
  ...testSkill,
  path: '/ops/api/skills/registry/{name}/test',
  guard: ops('skill:publish'),
})

export const listSkillTests = contract({
  method: 'GET',
  path: '/skills/registry/{name}/tests',
  summary: 'Past test runs of a skill, newest first',
  guard: service('read'),
  tag,
  params: OneSkill,
  query: Tenant.extend({ version: VersionAsked.optional(), limit: limitOf(100, 20) }),
  reply: z.object({ name: z.string(), runs: z.array(SkillTestReport.extend({ status: Status })) }),
  camel: true,
  verbatim: ['expected', 'actual'],
})
export const opsListSkillTests = contract({
  ...listSkillTests,
  path: '/ops/api/skills/registry/{name}/tests',
  guard: ops('skill:view'),
})
