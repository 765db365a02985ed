import type { z } from 'zod'
import type { RiskQuestion, RiskReply } from './contract/risk'
import { scoreRisk } from './risk'
import { adviseOn } from './risk-advice'

export const answerRisk = (question: z.output<typeof RiskQuestion>): z.input<typeof RiskReply> => {
  const risk = scoreRisk({
    toolCount: question.tool_count,
    toolNames: question.tool_names,
    skillState: question.skill_state ?? null,
    temperature: question.temperature,
    dataSensitivity: question.data_sensitivity,
    skillTested: question.skill_tested,
    skillPinned: question.skill_pinned,
    customFlags: question.custom_flags,
  })
  return { status: 'ok', risk_score: risk.score, risk_level: risk.level, factors: risk.factors, ...adviseOn(risk) }
}
