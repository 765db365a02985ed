import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const SCRIPT = `
import { parseEnv } from './lib/core/env'
import { createKernel, installKernel } from './lib/core/kernel'
import { createLog } from './lib/core/log'
import { startConsole } from './lib/core/testing/console-server'
import { IDENTITY_ROUTES } from './lib/core/testing/identity-routes'
const kernel = installKernel(createKernel({ env: parseEnv(JSON.parse(process.argv[1])), log: createLog('silent') }))
const server = await startConsole(IDENTITY_ROUTES)
process.once('SIGTERM', async () => {
  await server.close()
  await kernel.stop()
  process.exit(0)
})
process.stdout.write('ready ' + server.url + '\\n')`

export type ConsoleProcess = { url: string; stop(): Promise<void> }

/** The identity routes in a process of their own, configured by nothing but this environment. */
export const startConsoleProcess = async (env: Record<string, string>): Promise<ConsoleProcess> => {
  const args = ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', SCRIPT]
  const child = spawn(process.execPath, [...args, JSON.stringify(env)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
    child.once('exit', (code) => reject(new Error(`the console process ended with ${code}`)))
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
  return { url, stop }
}
