import { isProblem, Problem } from '@/lib/shared/problem'
import type { Fault } from './exchange'

const WORDS: Record<Fault | 'malformed', string> = {
  'never-sent': 'backend unreachable',
  network: 'connection lost',
  timeout: 'timeout',
  cancelled: 'cancelled',
  'too-large': 'reply too large',
  open: 'backend unreachable',
  malformed: 'malformed reply',
}

type About = { what: string; endpoint: string }

// 'Failed to list tasks: 500'. `details` says which call it was and, if there was one, what status came back.
export const statusFailure = (about: About, status: number, told?: string): Problem =>
  new Problem('control_plane_error', `Failed to ${about.what}: ${status}`, {
    endpoint: about.endpoint,
    upstream_status: status,
    ...(told === undefined ? {} : { upstream_error: told }),
  })

export const faultFailure = (about: About, fault: keyof typeof WORDS, cause?: unknown, status?: number): Problem =>
  new Problem(
    'control_plane_error',
    `Failed to ${about.what}: ${WORDS[fault]}`,
    { endpoint: about.endpoint, ...(status === undefined ? {} : { upstream_status: status }) },
    { cause },
  )

const statusOf = (problem: Problem): number | null => {
  const status = problem.details?.['upstream_status']
  return typeof status === 'number' ? status : null
}

// Worth asking again later: nothing came back, or what came back speaks of a passing trouble. A malformed answer to
// something that was accepted counts too: the key makes asking again harmless, and the answer is not lost.
export const isRetryable = (error: unknown): boolean => {
  if (!isProblem(error) || error.code !== 'control_plane_error') return false
  const status = statusOf(error)
  return status === null || status < 300 || status === 408 || status === 429 || status >= 500
}

export const isStatus = (error: unknown, status: number): boolean =>
  isProblem(error) && error.code === 'control_plane_error' && statusOf(error) === status
