import { type Stats, statSync } from 'node:fs'
import { systemClock } from '@/lib/core/clock'

// What tells that a path changed without reading it. A missing path has a stamp too.
export type Stamp = { path: string; ino: number; size: number; mtimeMs: number; ctimeMs: number }

const MISSING = { ino: -1, size: -1, mtimeMs: -1, ctimeMs: -1 }

const TICK_MS = 100

export const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

export const stampOf = (path: string, stats: Stats | undefined): Stamp => {
  if (!stats) return { path, ...MISSING }
  const { ino, size, mtimeMs, ctimeMs } = stats
  return { path, ino, size, mtimeMs, ctimeMs }
}

const isSame = (stamp: Stamp): boolean => {
  const now = statOf(stamp.path)
  if (!now) return stamp.ino === MISSING.ino
  return (
    now.mtimeMs === stamp.mtimeMs && now.ctimeMs === stamp.ctimeMs && now.size === stamp.size && now.ino === stamp.ino
  )
}

export const allSame = (stamps: readonly Stamp[]): boolean => stamps.every(isSame)

// File systems count time in ticks: what changed a moment ago may change again and look the same.
// Their clock is the machine's, whatever clock the kernel goes by.
export const isFresh = (stamps: readonly Stamp[]): boolean => {
  const now = systemClock.now().getTime()
  return stamps.some(({ ctimeMs }) => Math.abs(now - ctimeMs) < TICK_MS)
}
