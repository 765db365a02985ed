import type { z } from 'zod'
import { stableJson } from '@/lib/shared/stable-json'
import type { Answer, Desk } from './desk'
import { Skip } from './desk'

export const MC = '/api/mission-control'

export const fail = (text: string): never => {
  throw new Error(text)
}

const told = ({ body }: Answer): string => {
  const text = typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : ''
  return text === '' ? '' : ` (${text.slice(0, 120)})`
}

export const mustBe = <S extends z.ZodType>(what: string, answer: Answer, shape: S): z.output<S> => {
  if (answer.status !== 200) return fail(`${what}: expected 200, got ${answer.status}${told(answer)}`)
  const parsed = shape.safeParse(answer.body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return fail(`${what}: ${issue?.path.join('.') || 'the reply'}: ${issue?.message ?? 'is not as agreed'}`)
}

// What the contract names of a reply came back the same; what a backend adds may change.
export const mustEqual = (what: string, first: unknown, again: unknown): void => {
  if (stableJson(first) !== stableJson(again))
    fail(`${what}: the first reply was ${stableJson(first).slice(0, 200)}, then ${stableJson(again).slice(0, 200)}`)
}

// Refusals carry `{ error }`, so that whoever called learns why.
export const mustRefuse = (what: string, answer: Answer, ...statuses: readonly number[]): void => {
  if (!statuses.includes(answer.status)) fail(`${what}: expected ${statuses.join(' or ')}, got ${answer.status}`)
  const { body } = answer
  if (!(typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'))
    fail(`${what}: the refusal has no {error}`)
}

// Lines that wait for another line say which; the summary counts them.
export const CAPABILITIES = 'capabilities endpoint'
export const CREATE_TASK = 'create task with idempotency'
export const needs = (line: string) => `needs "${line}"`

export const theTask = ({ found }: Desk) => {
  if (!found.task) throw new Skip(needs(CREATE_TASK))
  return { id: found.task.task.id, ...found.task }
}

export const another = async (desk: Desk, place?: { tenantId?: string; userId?: string }) => {
  if (!desk.another) throw new Skip('needs a second user: set AGENT_JWT_SECRET in place of AGENT_TOKEN')
  return desk.another(place)
}

export const announced = ({ found }: Desk, feature: string): void => {
  if (found.features === null) throw new Skip(needs(CAPABILITIES))
  if (found.features?.[feature] !== true) throw new Skip(`${feature} is not announced`)
}
