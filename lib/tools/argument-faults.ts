import { climbingArgument } from './path-arguments'

const MOST_DEPTH = 64
const MOST_PARTS = 100_000
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

// Level by level, so that no depth is too deep to be refused.
const shapeFault = (args: unknown): string | null => {
  let level: unknown[] = [args]
  let parts = 0
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue
      if (depth >= MOST_DEPTH) return `they are nested deeper than ${MOST_DEPTH} levels`
      const keys = Array.isArray(value) ? [] : Object.keys(value)
      const forbidden = keys.find((key) => FORBIDDEN.has(key))
      if (forbidden !== undefined) return `no argument may be called ${forbidden}`
      for (const item of Object.values(value)) next.push(item)
    }
    parts += next.length
    if (parts > MOST_PARTS) return `they have more than ${MOST_PARTS} parts`
    level = next
  }
  return null
}

// Why no tool gets these arguments, whatever its schema says.
export const argumentFault = (args: unknown): string | null => {
  const fault = shapeFault(args)
  if (fault !== null) return fault
  const climbing = climbingArgument(args)
  return climbing === null ? null : `the argument ${climbing.slice(0, 100)} leads out of its folder`
}
