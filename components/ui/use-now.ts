'use client'

import { useSyncExternalStore } from 'react'

const TICK_MS = 10_000

const nowMs = (): number => performance.timeOrigin + performance.now()

const subscribe = (tick: () => void) => {
  const timer = setInterval(tick, TICK_MS)
  return () => clearInterval(timer)
}

const currentTick = (): number => Math.floor(nowMs() / TICK_MS) * TICK_MS

export const useNow = (): number => useSyncExternalStore(subscribe, currentTick, currentTick)
