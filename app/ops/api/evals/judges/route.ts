import { judgeAgreement } from '@/lib/evals'
import { opsJudgeAgreement } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsJudgeAgreement, (scope, { query }) => judgeAgreement(scope, query))
