import { createHash } from 'node:crypto'
import { Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import type { EvalCase, KnownCase } from '../contract'
import { scorerFaults } from '../scorers/scorer-faults'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What a case is: all of it but the name under which it is kept. */
export const bodyHashOf = ({ id: _, ...body }: EvalCase): string => sha256(stableJson(body))

export const contentHashOf = (cases: readonly KnownCase[]): string =>
  sha256(stableJson(cases.map((one) => [one.id, bodyHashOf(one)])))

// By what is asked, not by place: a case that is put between others leaves their names alone.
const madeId = ({ input, name }: EvalCase): string => `c-${sha256(stableJson({ input, name })).slice(0, 12)}`

export const invalid = (faults: readonly string[]): never => {
  throw new Problem('invalid_request', 'Invalid payload', {
    formErrors: [],
    fieldErrors: { cases: faults.slice(0, 50) },
  })
}

const faultsOf = (cases: readonly KnownCase[]): string[] => {
  const seen = new Set<string>()
  return cases.flatMap(({ id, scorers = [] }) => {
    const faults = scorerFaults(scorers).map((fault) => `${id}: ${fault}`)
    if (seen.has(id)) faults.push(`${id}: two cases have this id`)
    seen.add(id)
    return faults
  })
}

/** Every case under a name of its own; those that bring none are named by what they ask. */
export const withIds = (cases: readonly EvalCase[]): KnownCase[] => {
  const given = new Set(cases.flatMap(({ id }) => id ?? []))
  const made = new Map<string, number>()
  const named = cases.map((one) => {
    if (one.id !== undefined) return { ...one, id: one.id }
    const base = madeId(one)
    let id = base
    while (given.has(id)) {
      const next = (made.get(base) ?? 1) + 1
      made.set(base, next)
      id = `${base}-${next}`
    }
    given.add(id)
    return { ...one, id }
  })
  const faults = faultsOf(named)
  return faults.length > 0 ? invalid(faults) : named
}
