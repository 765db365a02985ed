import { scoreRisk } from '@/lib/governance'
import type { ExecutionBody } from '../contract/execution'
import { type CurrentAdapter, higherClass, type RiskClass } from '../current-adapter'

export type ExecutionRisk = { score: number; level: RiskClass; riskClass: RiskClass; factors: object; inputs: object }

// What an agent says of its skill counts where it makes things worse; that it was tested is for us to know.
const WORSE = ['draft', 'deprecated'] as const

export const worseState = (declared: string | undefined): (typeof WORSE)[number] | undefined =>
  WORSE.find((state) => state === declared)

const LEAST_TEMPERATURE = 0.7

/** From the registry and what is declared, the worse of both each time. */
export const riskOf = (adapter: CurrentAdapter, body: ExecutionBody): ExecutionRisk => {
  const riskClass = higherClass(adapter.riskClass, body.adapter_risk_class)
  const toolNames = [...new Set([...(body.tool_names ?? []), ...adapter.tools])]
  const { context, provenance } = body
  const risk = scoreRisk({
    toolCount: Math.max(body.tool_count, toolNames.length),
    toolNames,
    skillState: worseState(body.skill_state) ?? null,
    temperature: Math.max(LEAST_TEMPERATURE, body.temperature ?? 0),
    dataSensitivity: body.data_sensitivity ?? 'none',
    customFlags: body.custom_flags ?? [],
    adapter: {
      riskClass,
      capabilities: adapter.capabilities.size,
      externalNetwork: context?.external_network === true,
      elevatedPrivileges: context?.elevated_privileges === true,
      isFromMarketplace: provenance?.source === 'marketplace',
    },
  })
  return { score: risk.score, level: risk.level, riskClass, factors: risk.factors, inputs: risk.inputs }
}
