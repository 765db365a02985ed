import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { adviseOn, type Risk, recomputed } from '@/lib/governance'
import { missing } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import type { TraceRisk } from './contract'
import { findRisk } from './store'

type Json = Record<string, unknown>

const parse = (text: string | null | undefined): Json => (text?.startsWith('{') ? (JSON.parse(text) as Json) : {})

const isRisk = (value: unknown): value is Risk =>
  typeof value === 'object' && value !== null && 'inputs' in value && 'factors' in value && 'score' in value

const riskIn = (text: string | null | undefined): Risk | null => {
  const { risk } = parse(text)
  return isRisk(risk) ? risk : null
}

const inputsOf = ({ inputs }: Risk): NonNullable<TraceRisk['inputs']> => ({
  skills: [],
  tools_used: [],
  sources: null,
  found: [],
  ...inputs,
  tool_names: [...inputs.tool_names],
  custom_flags: [...inputs.custom_flags],
})

const shown = ({ score, level }: Risk) => ({ score, level })

/** From the same inputs the same score: whoever doubts a level sees here what it was made from. */
export const getTraceRisk = async (scope: Scope, asked: string): Promise<{ risk: TraceRisk | null }> => {
  const row = await findRisk(scope.db, asked.toLowerCase())
  const { id, riskScore, riskLevel, content } = row !== null && isInReach(scope, row) ? row : missing('trace')
  if (riskScore === null || riskLevel === null) return { risk: null }
  const start = riskIn(content?.inputs)
  const final = riskIn(content?.outcome)
  const told = final ?? start
  const stored = { score: riskScore, level: riskLevel }
  const about = { trace_id: id, stored, is_final: final !== null, at_start: start && shown(start) }
  if (told === null)
    return {
      risk: {
        ...about,
        ...{ factors: null, inputs: null, recomputed: null, is_equal: null },
        ...{ risk_factors: [], recommendations: [] },
      },
    }
  const again = recomputed(told.inputs)
  const isEqual =
    again.score === riskScore &&
    again.level === riskLevel &&
    again.inputs.data_sensitivity === told.inputs.data_sensitivity &&
    stableJson(again.factors) === stableJson(told.factors)
  return {
    risk: {
      ...about,
      factors: told.factors,
      inputs: inputsOf(told),
      recomputed: { ...shown(again), factors: again.factors },
      is_equal: isEqual,
      ...adviseOn(told),
    },
  }
}
