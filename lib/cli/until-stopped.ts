import { leaveWithParent } from './demo/service-process'

// Aborts when the process is asked to leave; with `leashed` also when whoever started it is gone.
export const untilStopped = (leashed = false): AbortSignal => {
  const control = new AbortController()
  const leave = () => control.abort()
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)
  if (leashed) leaveWithParent(leave)
  return control.signal
}
