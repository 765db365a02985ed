import type { z } from 'zod'
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

// Refusals carry `{ error }`, so that whoever called learns why.
export const mustRefuse = (what: string, answer: Answer, ...statuses: readonly number[]): void => {
  if (!statuses.includes(answer.status)) fail(`${what}: expected ${statuses.join(' or ')}, got ${answer.status}`)
  const { body } = answer
  if (!(typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'))
    fail(`${what}: the refusal has no {error}`)
}

export const theTask = ({ found }: Desk) => {
  if (!found.task) throw new Skip('needs a task, and none could be created')
  return found.task
}

export const another = async (desk: Desk, place?: { tenantId?: string; userId?: string }) => {
  if (!desk.another) throw new Skip('needs a second user: set AGENT_JWT_SECRET in place of AGENT_TOKEN')
  return desk.another(place)
}

export const announced = ({ found }: Desk, feature: string): void => {
  if (found.features?.[feature] !== true) throw new Skip(`${feature} is not announced`)
}
