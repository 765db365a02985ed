import { monotonicMs } from '@/lib/core/clock'

export type EndedBy = 'aborted_by_client' | 'timeout_idle' | 'timeout_total'

// A run that is told to stop by its own clock is told so a moment before ours rings.
const NEARLY_MS = 5

export const isLate = (endsAt: number, { aborted }: AbortSignal): boolean =>
  monotonicMs() >= endsAt - (aborted ? NEARLY_MS : 0)

// One attempt's three clocks and the caller's signal, as one signal.
export type Watch = {
  signal: AbortSignal
  endedBy(): EndedBy | null
  ended: Promise<void>
  // A sign of life; with the first word of the answer the shorter limit begins.
  sign(): void
  answering(): void
  // A caller who cannot take the text any more has gone.
  leave(): void
  // While our own caller takes his time, the provider is not waited for.
  whileCallerTakes(work: () => void | Promise<void>): Promise<void>
  // What did not end cleanly is torn down; a clean end leaves the connection to the next call.
  close(isClean: boolean): void
}

type Limits = { client: AbortSignal; headerMs: number; idleMs: number; endsAt: number }

export const createWatch = ({ client, headerMs, idleMs, endsAt }: Limits): Watch => {
  const controller = new AbortController()
  const state: { endedBy: EndedBy | null; isPaused: boolean; isClosed: boolean; limit: number } = {
    endedBy: null,
    isPaused: false,
    isClosed: false,
    limit: headerMs,
  }
  let settle: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    settle = resolve
  })
  const end = (by: EndedBy) => {
    if (state.endedBy !== null) return
    state.endedBy = by
    controller.abort()
    settle()
  }
  const onClient = () => end(monotonicMs() >= endsAt - NEARLY_MS ? 'timeout_total' : 'aborted_by_client')
  const onIdle = () => {
    if (!state.isPaused) end('timeout_idle')
  }
  let idle = setTimeout(onIdle, headerMs)
  const total = setTimeout(() => end('timeout_total'), Math.max(0, endsAt - monotonicMs()))
  client.addEventListener('abort', onClient, { once: true })
  if (client.aborted) onClient()

  const sign = () => {
    if (!state.isPaused && !state.isClosed) idle.refresh()
  }
  return {
    signal: controller.signal,
    endedBy: () => state.endedBy,
    ended,
    sign,
    leave: onClient,
    answering: () => {
      if (state.limit === idleMs || state.isClosed) return sign()
      state.limit = idleMs
      clearTimeout(idle)
      idle = setTimeout(onIdle, idleMs)
    },
    whileCallerTakes: async (work) => {
      const done = work()
      if (done === undefined) return
      state.isPaused = true
      try {
        await done
      } finally {
        state.isPaused = false
        sign()
      }
    },
    close: (isClean) => {
      state.isClosed = true
      clearTimeout(idle)
      clearTimeout(total)
      client.removeEventListener('abort', onClient)
      if (!isClean) controller.abort()
    },
  }
}
