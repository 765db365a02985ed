import type { Service } from './service-process'

const PAUSE_MS = 100
const ONE_TRY_MS = 3000

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(ONE_TRY_MS), redirect: 'manual' })).status < 400
  } catch {
    return false
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS))

export const waitFor = async (service: Service, url: string, deadlineMs: number): Promise<void> => {
  const until = performance.now() + deadlineMs
  while (performance.now() < until) {
    if (await answers(url)) return
    if (!service.isRunning()) throw new Error(`${service.name} ended while starting:\n\n${service.lastLines()}`)
    await pause()
  }
  throw new Error(`${service.name} did not answer at ${url} within ${deadlineMs / 1000} s:\n\n${service.lastLines()}`)
}
