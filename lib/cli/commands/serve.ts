import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Env, parseEnv, readProcessEnv } from '@/lib/core/env'
import { appRoot } from '../app-root'
import { type Command, FAILED } from '../command'
import { leaveWithParent } from '../demo/service-process'
import { parseFlags } from '../flags'
import { restoreLinks } from '../next-links'

type ServerOptions = { port: number; host: string; dir: string; dev: boolean }
type ServerModule = { startServer: (options: ServerOptions) => Promise<{ url: string }> }

// Next and every library ask NODE_ENV while they load, so it is settled before the first of them is.
const settle = (dev: boolean): Env => {
  Object.assign(process.env, { NODE_ENV: dev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' })
  return parseEnv(readProcessEnv())
}

const isBuilt = (root: string) => existsSync(join(root, 'dist/server.mjs')) && existsSync(join(root, '.next/BUILD_ID'))

const start = async (root: string, dev: boolean, settings: Env) => {
  const file = pathToFileURL(join(root, dev ? 'server.ts' : 'dist/server.mjs')).href
  const { startServer } = (await import(file)) as ServerModule
  return startServer({ port: settings.CLASPER_PORT, host: settings.CLASPER_HOST, dir: root, dev })
}

export const serve: Command = {
  name: 'serve',
  usage: 'clasper serve',
  summary: 'start the production server, configured by the environment alone',
  run: async (args, { out, err }) => {
    const { flags } = parseFlags(args, { leashed: 'boolean', dev: 'boolean' })
    const root = appRoot()
    if (!flags.dev && !isBuilt(root)) {
      err('There is no production build yet. Run: npm run build')
      return FAILED
    }
    if (!flags.dev) restoreLinks(root)
    const settings = settle(flags.dev)
    if (flags.leashed) leaveWithParent(() => process.kill(process.pid, 'SIGTERM'))
    const { url } = await start(root, flags.dev, settings)
    out(`Clasper listens at ${url} (profile: ${settings.profile}).`)
    return new Promise<number>(() => {})
  },
}
