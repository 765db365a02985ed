import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const SCRIPT = `
import { z } from 'zod'
import { parseEnv } from './lib/core/env'
import { createKernel, installKernel } from './lib/core/kernel'
import { createLog } from './lib/core/log'
import { defineJob } from './lib/jobs/define-job'
import { listen } from './lib/jobs/listen'
import { startOutboxWatch } from './lib/jobs/watch-outbox'
import { createWorker } from './lib/jobs/worker'
const [url, name, options] = process.argv.slice(1)
const { leaseMs, hangs, pollMs } = JSON.parse(options)
const say = (...words) => process.stdout.write(words.join(' ') + '\\n')
const kernel = installKernel(createKernel({ env: parseEnv({ NODE_ENV: 'test', DATABASE_URL: url }), log: createLog('silent') }))
const job = defineJob({
  kind: 'test.work', means: 'test', payload: z.object({ n: z.number() }), timeoutMs: 60_000,
  run: async (scope, { n }, { finish, id }) => {
    say('began', n)
    if (hangs) await new Promise(() => undefined)
    await finish({ event: 'config_change', entityId: String(n), data: { by: name } }, async () => undefined)
    say('done', n)
  },
})
kernel.bus.on('event', (event) => say('event', event.topic, event.id))
const worker = createWorker({ jobs: [job], name, leaseMs, pollMs, concurrency: 4 })
const outbox = await startOutboxWatch()
if (kernel.db.dialect === 'postgresql') listen(url, { onJob: worker.wake, onEvent: outbox.loop.wake })
worker.start()
process.once('SIGTERM', async () => {
  await worker.stop(5_000)
  await kernel.stop()
  process.exit(0)
})
say('ready')`

type Options = { leaseMs?: number; hangs?: boolean; pollMs?: number }

export type Instance = {
  lines(): readonly string[]
  // Every line so far that begins so.
  said(start: string): readonly string[]
  until(holds: (lines: readonly string[]) => boolean): Promise<void>
  kill(): Promise<void>
  stop(): Promise<number | null>
}

const DEADLINE_MS = 50_000

/** A server process of its own, with a worker and an ear for live events, that says what it does. */
export const startInstance = async (url: string, name: string, options: Options = {}): Promise<Instance> => {
  const settings = JSON.stringify({ leaseMs: 5_000, hangs: false, pollMs: 500, ...options })
  const args = ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', SCRIPT]
  const child = spawn(process.execPath, [...args, url, name, settings], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => void lines.push(line))
  const until = (holds: (said: readonly string[]) => boolean) =>
    new Promise<void>((resolve, reject) => {
      const settle = (error?: Error) => {
        if (!error && !holds(lines)) return
        clearTimeout(timer)
        reader.off('line', look).off('close', closed)
        if (error) reject(error)
        else resolve()
      }
      const look = () => settle()
      const closed = () => settle(new Error(`${name} ended; it said ${lines.join(', ')}`))
      const timer = setTimeout(() => settle(new Error(`${name} said only ${lines.join(', ')}`)), DEADLINE_MS)
      reader.on('line', look).once('close', closed)
      look()
    })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    child.kill(signal)
    await once(child, 'exit')
    return child.exitCode
  }
  await until((said) => said.includes('ready'))
  return {
    lines: () => lines,
    said: (start) => lines.filter((line) => line.startsWith(start)),
    until,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}
