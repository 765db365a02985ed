import { judgeAgreement as judgeAgreementVerb } from '@/lib/evals'
import { judgeAgreement } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(judgeAgreement, (scope, { query }) => judgeAgreementVerb(scope, query))
