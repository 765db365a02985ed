import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError, parseEnv, readProcessEnv } from '@/lib/core/env'
import { appRoot } from '../app-root'
import { type Command, FAILED } from '../command'
import { leaveWithParent } from '../demo/service-process'
import { parseFlags } from '../flags'

type ServerModule = { startServer: (options: { dir: string; dev: boolean }) => Promise<unknown> }

const faultsOfConfig = (): string | null => {
  try {
    parseEnv({ ...readProcessEnv(), NODE_ENV: 'production' })
    return null
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

const missingBuild = (root: string): string | null =>
  existsSync(join(root, 'dist/server.mjs')) && existsSync(join(root, '.next/BUILD_ID'))
    ? null
    : 'There is no production build yet. Run: npm run build'

export const serve: Command = {
  name: 'serve',
  usage: 'clasper serve',
  summary: 'start the production server, configured by the environment alone',
  run: async (args, { err }) => {
    const { flags } = parseFlags(args, { leashed: 'boolean' })
    const root = appRoot()
    const refusal = missingBuild(root) ?? faultsOfConfig()
    if (refusal) {
      err(refusal)
      return FAILED
    }
    if (flags.leashed) leaveWithParent(() => process.kill(process.pid, 'SIGTERM'))
    const server = (await import(pathToFileURL(join(root, 'dist/server.mjs')).href)) as ServerModule
    await server.startServer({ dir: root, dev: false })
    return new Promise<number>(() => {})
  },
}
