import { setTimeout as pause } from 'node:timers/promises'
import { monotonicMs } from '@/lib/core/clock'
import type { Env } from '@/lib/core/env'
import { acknowledge, type Delivery, fetchUndelivered, isHopeless, sendToAgent } from './calls'
import { newPatience, type Patience } from './patience'

type Say = (line: string) => void
type Turn = { deliveries: number; delivered: number; failed: number }

export type Dispatch = { settings: Env; daemonKey: string; signal: AbortSignal; out: Say; err: Say }

const told = (event: string, fields: object) => JSON.stringify({ event, ...fields })

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

const idOf = ({ tenant_id, user_id, notification_id }: Delivery): string =>
  JSON.stringify([tenant_id, user_id, notification_id])

const deliver = async (dispatch: Dispatch, patience: Patience, delivery: Delivery): Promise<boolean> => {
  const { settings, daemonKey, err } = dispatch
  const id = idOf(delivery)
  try {
    if (!patience.isAnswered(id)) await sendToAgent(settings, daemonKey, delivery)
    patience.answered(id)
    await acknowledge(settings, delivery)
    patience.succeeded(id)
    return true
  } catch (error) {
    const fields = { notification_id: delivery.notification_id, error: messageOf(error) }
    const { failures, isOver } = patience.failed(id, isHopeless(error))
    err(told('dispatcher_delivery_failed', fields))
    if (isOver) err(told('dispatcher_gave_up', { ...fields, failures }))
    return false
  }
}

// One after the other, and none is begun after the signal; what was begun is finished.
export const takeTurn = async (dispatch: Dispatch, patience: Patience): Promise<Turn> => {
  const { complete, incomplete } = await fetchUndelivered(dispatch.settings, dispatch.signal)
  const turn = { deliveries: complete.length + incomplete, delivered: 0, failed: incomplete }
  for (const delivery of complete) {
    if (dispatch.signal.aborted) break
    if (!patience.mayTry(idOf(delivery))) continue
    if (await deliver(dispatch, patience, delivery)) turn.delivered++
    else turn.failed++
  }
  return turn
}

// Short after work, doubling while there is none or while something fails.
export const nextPauseSec = (before: number, worked: boolean, min: number, max: number): number =>
  worked ? min : Math.min(Math.max(before * 2, min, 1), Math.max(min, max))

const turnOrTell = async (dispatch: Dispatch, patience: Patience): Promise<Turn | null> => {
  try {
    return await takeTurn(dispatch, patience)
  } catch (error) {
    if (!dispatch.signal.aborted) dispatch.err(told('dispatcher_error', { error: messageOf(error) }))
    return null
  }
}

export const runDispatcher = async (dispatch: Dispatch): Promise<void> => {
  const { settings, signal, out } = dispatch
  const [min, max] = [settings.DISPATCH_MIN_INTERVAL_SEC, settings.DISPATCH_MAX_INTERVAL_SEC]
  const patience = newPatience(monotonicMs)
  const state = { pauseSec: min }
  while (!signal.aborted) {
    const started = performance.now()
    const turn = await turnOrTell(dispatch, patience)
    const duration_sec = Math.round(performance.now() - started) / 1000
    if (turn) out(told('dispatcher_tick', { ...turn, duration_sec }))
    state.pauseSec = nextPauseSec(state.pauseSec, (turn?.delivered ?? 0) > 0, min, max)
    await pause(state.pauseSec * 1000, undefined, { signal }).catch(() => undefined)
  }
}
