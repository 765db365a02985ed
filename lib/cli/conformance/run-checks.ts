import { type Check, type Desk, Skip } from './desk'
import { FIELD_CHECKS } from './field-checks'
import { OPTIONAL_CHECKS } from './optional-checks'
import type { Report, Result } from './report'
import { REQUIRED_CHECKS } from './required-checks'
import { SAFETY_CHECKS } from './safety-checks'

const CHECKS: readonly Check[] = [...REQUIRED_CHECKS, ...SAFETY_CHECKS, ...FIELD_CHECKS, ...OPTIONAL_CHECKS]

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer within 15 s'
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? `${error.message}: ${cause.message}` : error.message
}

const resultOf = async ({ name, run }: Check, desk: Desk): Promise<Result> => {
  try {
    await run(desk)
    return { name, status: 'passed' }
  } catch (error) {
    return { name, status: error instanceof Skip ? 'skipped' : 'failed', error: wordsOf(error) }
  }
}

export const runChecks = async (desk: Desk): Promise<Report> => {
  const results: Result[] = []
  for (const check of CHECKS) results.push(await resultOf(check, desk))
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length
  return { baseUrl: desk.baseUrl, passed: count('passed'), failed: count('failed'), results }
}
