import { stopAll } from './child'

export type Step = { name: string; run: () => Promise<string | undefined> }

export class StepFailed extends Error {
  override readonly name = 'StepFailed'
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

const LAST_LINES = 60

export const tail = (text: string, lines = LAST_LINES) => text.trimEnd().split('\n').slice(-lines).join('\n')

const line = (mark: string, name: string, ms: number, note: string | undefined) =>
  `${mark} ${name.padEnd(22)} ${seconds(ms).padStart(8)}${note ? `  ${note}` : ''}`

export const timed = async ({ name, run }: Step): Promise<void> => {
  const began = performance.now()
  try {
    const note = await run()
    console.log(line('✓', name, performance.now() - began, note))
  } catch (error) {
    console.log(line('✗', name, performance.now() - began, undefined))
    throw error
  }
}

const explain = (error: unknown) => {
  if (error instanceof StepFailed) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

// One line per step; the first failure ends the rest and says why. `atOnce` steps share the machine.
export const runSteps = async (steps: readonly Step[], atOnce = 1): Promise<boolean> => {
  const waiting = [...steps]
  const reasons: unknown[] = []
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      await timed(step).catch((error: unknown) => {
        waiting.length = 0
        reasons.push(error)
        if (reasons.length === 1) stopAll()
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  if (reasons.length > 0) console.log(`\n${explain(reasons[0])}\n`)
  return reasons.length === 0
}

const leave = (code: number) => {
  stopAll()
  process.exit(code)
}

export const leaveOnSignal = () => {
  process.once('SIGINT', () => leave(130))
  process.once('SIGTERM', () => leave(143))
}
