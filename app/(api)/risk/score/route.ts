import { answerRisk } from '@/lib/governance'
import { riskScore } from '@/lib/governance/contract/risk'
import { route } from '@/lib/http/route'

export const POST = route(riskScore, (_, { body }) => answerRisk(body))
