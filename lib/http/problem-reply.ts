import { redactText } from '@/lib/core/redact'
import { isProblem, PROBLEMS, Problem, type ProblemCode } from '@/lib/shared/problem'
import type { Visit } from './visit'

// What the database refuses because somebody was faster: a name is taken, or what it hangs on is gone.
const LOST_RACES: Readonly<Record<string, ProblemCode>> = {
  P2002: 'version_conflict',
  P2003: 'not_found',
  P2025: 'not_found',
}

const codeFor = (error: unknown): ProblemCode => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return LOST_RACES[code] ?? 'internal_error'
}

export const asProblem = (error: unknown): Problem =>
  isProblem(error) ? error : new Problem(codeFor(error), undefined, undefined, { cause: error })

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
