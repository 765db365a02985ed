import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../demo/ports'
import { programOf } from '../demo/program'
import { launch, type Service } from '../demo/service-process'
import { waitFor } from '../demo/wait-for'
import { passThrough } from './child'
import { leaveOnSignal } from './step'

const root = process.cwd()
const scratch = join(root, '.cache/conformance')
const START_MS = 30_000

const startBackend = async (port: number, env: Record<string, string>): Promise<Service> => {
  const { command, args } = programOf(root, true)
  const words = [...args, 'backend', '--port', String(port), '--leashed']
  const logFile = join(scratch, 'backend.log')
  const backend = launch({ name: 'The reference backend', command, args: words, cwd: root, env, logFile })
  await waitFor(backend, `http://127.0.0.1:${port}/health`, START_MS).catch(async (error: unknown) => {
    await backend.stop()
    throw error
  })
  return backend
}

// The reference backend, alone and empty, against the contract.
leaveOnSignal()
rmSync(scratch, { recursive: true, force: true })
const port = await freePort()
const env = {
  AGENT_JWT_SECRET: randomBytes(32).toString('hex'),
  INTERNAL_API_TOKEN: randomBytes(32).toString('hex'),
  AGENT_TOKEN: '',
  MC_LITE_DB: join(scratch, 'backend.db'),
}
const backend = await startBackend(port, env)
const { command, args } = programOf(root, true)
const check = ['conformance', '--url', `http://127.0.0.1:${port}`]
const tool = [
  '--tool',
  'refund_create',
  '--arguments',
  JSON.stringify({ order_id: '1042', amount_usd: 1, reason: 'x' }),
]
process.exitCode = await passThrough(command, [...args, ...check, ...tool], { env })
await backend.stop()
