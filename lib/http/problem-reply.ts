import { redactText } from '@/lib/core/redact'
import { isProblem, PROBLEMS, Problem } from '@/lib/shared/problem'
import type { Visit } from './visit'

export const asProblem = (error: unknown): Problem =>
  isProblem(error) ? error : new Problem('internal_error', undefined, undefined, { cause: error })

export const statusOf = (problem: Problem): number => PROBLEMS[problem.code].status

const challenge = (problem: Problem): Record<string, string> =>
  problem.code === 'missing_token' || problem.code === 'signed_out' ? { 'www-authenticate': 'Bearer' } : {}

export const problemReply = (problem: Problem, visit: Visit): Response => {
  const body = {
    error: redactText(problem.message),
    code: problem.code,
    ...(problem.details ? { details: problem.details } : {}),
    ...(problem.code === 'permission_denied' && problem.details ? problem.details : {}),
    ...problem.body,
    request_id: visit.requestId,
  }
  return Response.json(body, { status: statusOf(problem), headers: { ...challenge(problem), ...problem.headers } })
}
