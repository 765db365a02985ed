import { answerRisk } from '@/lib/governance'
import { opsRiskScore } from '@/lib/governance/contract/risk'
import { route } from '@/lib/http/route'

export const POST = route(opsRiskScore, (_, { body }) => answerRisk(body))
