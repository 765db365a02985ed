import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { type Reservation, reserveWrites, type Settlement, settleWrites } from '@/lib/governance'
import { type Attempt, costOf, type ModelRef, priceOf } from '@/lib/providers'
import { addUsage, NO_USAGE, type Usage } from '@/lib/shared/chat'
import { type MicroUsd, NOTHING, plus } from '@/lib/shared/money'
import type { Place } from './place'

export type Totals = { usage: Usage; cost: MicroUsd; inputCost: MicroUsd; isEstimated: boolean }

// What one run may spend and has spent: a line in the ledger for every call of a model, held before, settled after.
export type Meter = {
  hold(id: string, model: Pick<ModelRef, 'provider' | 'id'>, size: { prompt: number; output: number }): Reservation
  record(attempt: Charge): void
  // Settlements that no commit carried yet, together with further reservations.
  writes(holds?: readonly Reservation[]): CommandWrite[]
  committed(holds?: readonly Reservation[]): void
  // Holds of calls that never came to be.
  dropHolds(): void
  totals(): Totals
}

type Lease = { traceId: string; kind: string; place: Place; leaseUntil: Date }

// What is charged: a call of a model, or of its embeddings.
export type Charge = Pick<Attempt, 'id' | 'usage' | 'isEstimated' | 'billable'> & {
  model: Pick<ModelRef, 'provider' | 'id'>
}

const chargeOf = (attempt: Charge): { cost: MicroUsd; inputCost: MicroUsd } => {
  if (attempt.billable === 'none') return { cost: NOTHING, inputCost: NOTHING }
  const price = priceOf(attempt.model)
  return { cost: costOf(price, attempt.usage), inputCost: costOf(price, { ...attempt.usage, output: 0 }) }
}

export const createMeter = (scope: Scope, { traceId, kind, place, leaseUntil }: Lease): Meter => {
  const held = new Set<string>()
  const waiting: Settlement[] = []
  const state: Totals = { usage: NO_USAGE, cost: NOTHING, inputCost: NOTHING, isEstimated: false }
  const inFlight: Settlement[] = []
  return {
    hold: (id, model, size) => {
      const price = priceOf(model)
      const usage = { ...NO_USAGE, input: size.prompt, output: size.output }
      return {
        id,
        traceId,
        kind,
        leaseUntil,
        workspaceId: place.workspaceId,
        environment: place.environment,
        role: place.role,
        userId: place.userId,
        provider: model.provider,
        model: model.id,
        amount: costOf(price, usage),
        priceVersion: price.version,
      }
    },
    record: (attempt) => {
      if (!held.delete(attempt.id)) return
      const { cost, inputCost } = chargeOf(attempt)
      const isFree = attempt.billable === 'none'
      const usage = isFree ? NO_USAGE : attempt.usage
      state.usage = addUsage(state.usage, usage)
      state.cost = plus(state.cost, cost)
      state.inputCost = plus(state.inputCost, inputCost)
      state.isEstimated ||= !isFree && attempt.isEstimated
      const isEstimated = !isFree && attempt.isEstimated
      waiting.push({ id: attempt.id, state: isFree ? 'released' : 'settled', cost, usage, isEstimated })
    },
    writes: (holds = []) => {
      inFlight.splice(0, inFlight.length, ...waiting)
      return [...settleWrites(scope, inFlight), ...reserveWrites(scope, holds)]
    },
    committed: (holds = []) => {
      const done = new Set(inFlight.splice(0).map(({ id }) => id))
      waiting.splice(0, waiting.length, ...waiting.filter(({ id }) => !done.has(id)))
      for (const { id } of holds) held.add(id)
    },
    dropHolds: () => {
      for (const id of held) waiting.push({ id, state: 'released', cost: NOTHING, usage: NO_USAGE, isEstimated: false })
      held.clear()
    },
    totals: () => ({ ...state }),
  }
}
