import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'

const Level = z.enum(['low', 'medium', 'high', 'critical'])
const Sensitivity = z.enum(['none', 'low', 'medium', 'high', 'pii'])
const Factor = z.number().min(0).max(100)

const Factors = z.object({
  tool_breadth: Factor,
  skill_maturity: Factor,
  model_volatility: Factor,
  data_sensitivity: Factor,
  custom_factors: Factor,
  adapter: Factor,
})

const Inputs = z.object({
  tool_count: z.number().int(),
  tool_names: z.array(z.string()).meta({ description: 'The tools that were really offered' }),
  tools_used: z.array(z.string()),
  skill_state: z.enum(['draft', 'tested', 'approved', 'active', 'deprecated']).nullable(),
  skill_tested: z.boolean(),
  skill_pinned: z.boolean(),
  skills: z.array(z.string()),
  temperature: z.number(),
  data_sensitivity: Sensitivity.meta({ description: 'The largest of the sources' }),
  sources: z
    .object({ workspace: Sensitivity, skills: Sensitivity, caller: Sensitivity, found: Sensitivity })
    .nullable()
    .meta({ description: 'null for runs of versions that knew no sources' }),
  found: z.array(z.string()).meta({ description: 'Kinds that redaction found in what was asked, done and answered' }),
  custom_flags: z.array(z.string()),
})

const Score = z.object({ score: z.number().int(), level: Level, factors: Factors })

export const TraceRisk = z.object({
  trace_id: Uuid,
  stored: z.object({ score: z.number().int(), level: z.string() }).meta({ description: 'As lists and totals tell it' }),
  is_final: z.boolean().meta({ description: 'false while the run goes on, or where it was cut off' }),
  at_start: z.object({ score: z.number().int(), level: Level }).nullable(),
  factors: Factors.nullable(),
  inputs: Inputs.nullable().meta({ description: 'null where retention took the record of the run' }),
  recomputed: Score.nullable().meta({ description: 'From the stored inputs, just now' }),
  is_equal: z.boolean().nullable().meta({ description: 'Whether that gives what is stored' }),
  risk_factors: z.array(z.string()),
  recommendations: z.array(z.string()),
})
export type TraceRisk = z.output<typeof TraceRisk>

const reading = {
  method: 'GET',
  summary: 'The risk of a run: its factors, what they were made from, and the same computed again',
  tag: 'traces',
  camel: true,
  params: z.object({ id: Uuid }),
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: z.object({ risk: TraceRisk.nullable().meta({ description: 'null for what is no run of an agent' }) }),
} as const

export const traceRisk = contract({ ...reading, path: '/traces/{id}/risk', guard: service('read') })
export const opsTraceRisk = contract({ ...reading, path: '/ops/api/traces/{id}/risk', guard: ops('trace:view') })
