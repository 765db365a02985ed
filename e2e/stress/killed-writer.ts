import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export type Killed = { acknowledged: string[]; finished: boolean }

const CHILD = new URL('./writing-child.ts', import.meta.url).pathname

type Drill = { url: string; tenantId: string; prefix: string; count: number }

// Runs the writing child and ends it with SIGKILL `lifeMs` after its first acknowledgement, or once it has finished.
export const killWriter = async ({ url, tenantId, prefix, count }: Drill, lifeMs: number | null): Promise<Killed> => {
  const child = spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', CHILD, url, tenantId, prefix, String(count)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  )
  const acknowledged: string[] = []
  let finished = false
  let timer: NodeJS.Timeout | undefined
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    if (lifeMs !== null) timer ??= setTimeout(() => child.kill('SIGKILL'), lifeMs)
    if (line !== 'end') return void acknowledged.push(line)
    finished = true
    if (lifeMs === null) child.kill('SIGKILL')
  })
  const [code, signal] = await once(child, 'exit')
  clearTimeout(timer)
  if (signal !== 'SIGKILL') throw new Error(`The writer left by itself (code ${String(code)})`)
  return { acknowledged, finished }
}
