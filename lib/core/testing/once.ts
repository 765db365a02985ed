import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const DEADLINE_MS = 90_000

const take = (lock: string) => {
  try {
    mkdirSync(lock)
    return true
  } catch {
    return false
  }
}

const waitFor = async (done: string, lock: string) => {
  const deadline = performance.now() + DEADLINE_MS
  while (!existsSync(done)) {
    if (!existsSync(lock)) return false
    if (performance.now() > deadline) throw new Error(`Another test process never finished ${done}`)
    await pause(10)
  }
  return true
}

/** Does `work` once for all processes of a test run; the others wait for it. `done` is the file that says so. */
export const once = async (done: string, work: () => Promise<void>): Promise<void> => {
  const lock = `${done}.lock`
  if (existsSync(done)) return
  if (!take(lock)) {
    if (await waitFor(done, lock)) return
    return once(done, work)
  }
  try {
    if (!existsSync(done)) {
      await work()
      writeFileSync(done, '')
    }
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
