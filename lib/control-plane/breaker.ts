import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'

const FAILURES = 5
const OPEN_MS = 2_000

type Circuit = { failures: number; openUntil: number; probing: boolean }

const circuitOf = (origin: string): Circuit => {
  const circuits = kernel().slot('control-plane.circuits', () => new Map<string, Circuit>())
  const circuit = circuits.get(origin) ?? { failures: 0, openUntil: 0, probing: false }
  circuits.set(origin, circuit)
  return circuit
}

// After several failures in a row nobody waits for timeouts; one call at a time finds out whether it is back.
export const mayCall = (origin: string): boolean => {
  const circuit = circuitOf(origin)
  if (circuit.failures < FAILURES) return true
  if (circuit.probing || monotonicMs() < circuit.openUntil) return false
  circuit.probing = true
  return true
}

export const isResting = (origin: string): boolean => circuitOf(origin).failures >= FAILURES

export const noteReached = (origin: string): void => {
  Object.assign(circuitOf(origin), { failures: 0, probing: false })
}

export const noteUnreached = (origin: string): void => {
  const circuit = circuitOf(origin)
  Object.assign(circuit, { failures: circuit.failures + 1, openUntil: monotonicMs() + OPEN_MS, probing: false })
}

// The caller went away: that says nothing about the backend.
export const noteUnknown = (origin: string): void => {
  circuitOf(origin).probing = false
}
