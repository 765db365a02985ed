import { kernel } from '@/lib/core/kernel'

const openRuns = (): Set<Promise<unknown>> =>
  kernel().slot('runtime.open-runs', () => {
    const runs = new Set<Promise<unknown>>()
    kernel().onStop('work', async () => void (await Promise.allSettled([...runs])))
    return runs
  })

// A server that leaves lets the runs at hand come to their end.
export const running = <T>(run: Promise<T>): Promise<T> => {
  const runs = openRuns()
  const forget = () => void runs.delete(run)
  runs.add(run)
  run.then(forget, forget)
  return run
}
