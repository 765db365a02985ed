// Looks again as long as there is something, one look at a time; a wake during a look is not lost.
export type Loop = {
  wake(): void
  // For news that come in swarms: one look for all within a moment.
  wakeSoon(): void
  every(ms: number, work: () => Promise<unknown>): void
  isLooking(): boolean
  settled(): Promise<void>
  stop(): void
}

const COALESCE_MS = 25

type State = { looking: Promise<void> | null; again: boolean; soon: NodeJS.Timeout | null; stopped: boolean }

export const createLoop = (look: () => Promise<boolean>, onError: (error: unknown) => void): Loop => {
  const state: State = { looking: null, again: false, soon: null, stopped: false }
  const timers: NodeJS.Timeout[] = []

  const lookAll = async (): Promise<void> => {
    do state.again = false
    while (((await look()) || state.again) && !state.stopped)
  }
  const wakeSoon = (): void => {
    if (state.stopped) return
    state.soon ??= setTimeout(() => {
      state.soon = null
      wake()
    }, COALESCE_MS)
  }
  const wake = (): void => {
    if (state.stopped) return
    state.again = true
    state.looking ??= lookAll()
      .catch(onError)
      .finally(() => {
        state.looking = null
        if (state.again) wakeSoon()
      })
  }
  return {
    wake,
    wakeSoon,
    every: (ms, work) => {
      const once = onceAtATime(work, onError)
      once()
      timers.push(setInterval(once, ms))
    },
    isLooking: () => state.looking !== null,
    settled: async () => {
      while (state.looking) await state.looking
    },
    stop: () => {
      state.stopped = true
      for (const timer of timers) clearInterval(timer)
      if (state.soon) clearTimeout(state.soon)
    },
  }
}

const onceAtATime = (work: () => Promise<unknown>, onError: (error: unknown) => void) => {
  let busy = false
  return () => {
    if (busy) return
    busy = true
    work()
      .catch(onError)
      .finally(() => {
        busy = false
      })
  }
}

export const atMost = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, end])
  clearTimeout(timer)
}
