import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { type Reservation, reserveWrites, type Settlement, settleWrites } from '@/lib/governance'
import { type Attempt, boundCost, costOf, type ModelRef, type Price, priceOf, toldPrice } from '@/lib/providers'
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
  // The last reservation that did not fit.
  refused(holds: readonly Reservation[]): void
  lastRefused(): Reservation | null
  totals(): Totals
}

const UNSPENT: Totals = { usage: NO_USAGE, cost: NOTHING, inputCost: NOTHING, isEstimated: false }

type Lease = { traceId: string; kind: string; place: Place; leaseUntil: Date }

// What is charged: a call of a model, or of its embeddings.
export type Charge = Pick<Attempt, 'id' | 'usage' | 'isEstimated' | 'billable'> & {
  model: Pick<ModelRef, 'provider' | 'id'>
}

type Charged = { cost: MicroUsd; inputCost: MicroUsd; prices?: string }

const chargeOf = ({ billable, usage }: Charge, price: Price): Charged => {
  if (billable === 'none') return { cost: NOTHING, inputCost: NOTHING }
  const inputCost = costOf(price, { ...usage, output: 0, reasoning: 0 })
  return { cost: costOf(price, usage), inputCost, prices: toldPrice(price, usage) }
}

// `spent` is what the run has used already, in another process.
export const createMeter = (scope: Scope, { traceId, kind, place, leaseUntil }: Lease, spent = UNSPENT): Meter => {
  // What was held at one price is settled at it, also where the book changes meanwhile.
  const held = new Map<string, Price>()
  const promised = new Map<string, Price>()
  const waiting: Settlement[] = []
  const state: Totals = { ...spent }
  const inFlight: Settlement[] = []
  let refused: Reservation | null = null
  return {
    hold: (id, model, size) => {
      const price = priceOf(model)
      promised.set(id, price)
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
        amount: boundCost(price, size.prompt, size.output),
        priceVersion: price.version,
      }
    },
    record: (attempt) => {
      const price = held.get(attempt.id)
      if (!price) return
      held.delete(attempt.id)
      const { cost, inputCost, prices } = chargeOf(attempt, price)
      const isFree = attempt.billable === 'none'
      const usage = isFree ? NO_USAGE : attempt.usage
      state.usage = addUsage(state.usage, usage)
      state.cost = plus(state.cost, cost)
      state.inputCost = plus(state.inputCost, inputCost)
      state.isEstimated ||= !isFree && attempt.isEstimated
      const isEstimated = !isFree && attempt.isEstimated
      const told = { id: attempt.id, cost, usage, isEstimated, ...(prices === undefined ? {} : { prices }) }
      waiting.push({ ...told, state: isFree ? 'released' : 'settled' })
    },
    writes: (holds = []) => {
      inFlight.splice(0, inFlight.length, ...waiting)
      return [...settleWrites(scope, inFlight), ...reserveWrites(scope, holds)]
    },
    committed: (holds = []) => {
      const done = new Set(inFlight.splice(0).map(({ id }) => id))
      waiting.splice(0, waiting.length, ...waiting.filter(({ id }) => !done.has(id)))
      for (const { id } of holds) {
        const price = promised.get(id)
        if (price) held.set(id, price)
        promised.delete(id)
      }
    },
    dropHolds: () => {
      for (const id of held.keys())
        waiting.push({ id, state: 'released', cost: NOTHING, usage: NO_USAGE, isEstimated: false })
      held.clear()
    },
    refused: (holds) => {
      refused = holds[0] ?? refused
    },
    lastRefused: () => refused,
    totals: () => ({ ...state }),
  }
}
