import { join, relative, resolve } from 'node:path'
import { type Env, parseEnv, readProcessEnv } from '@/lib/core/env'
import { appRoot } from '../app-root'
import { type Command, DONE, FAILED, type Terminal } from '../command'
import { bannerOf } from '../demo/banner'
import { writeDemoFile } from '../demo/demo-file'
import { modelsFor } from '../demo/models'
import { freePort, isFree } from '../demo/ports'
import { programOf, serverOf } from '../demo/program'
import { type Stack, type StackOptions, startStack } from '../demo/stack'
import { parseFlags } from '../flags'
import { scaffoldWorkspace } from './init'

const HOST = '127.0.0.1'

const isSet = (...names: string[]) => names.some((name) => (readProcessEnv()[name] ?? '') !== '')

const databaseUrlOf = (settings: Env, home: string) =>
  isSet('DATABASE_URL', 'CLASPER_DB_PATH', 'WOMBAT_DB_PATH') ? settings.databaseUrl : `file:${join(home, 'demo.db')}`

// Near the others where that is free, so that a bookmark lasts.
const backendPortFor = async (port: number): Promise<number> => ((await isFree(port, HOST)) ? port : freePort(HOST))

const optionsOf = async (cwd: string, dev: boolean, { out }: Terminal): Promise<StackOptions> => {
  const settings = parseEnv({ ...readProcessEnv(), NODE_ENV: '' })
  const home = resolve(cwd, settings.CLASPER_STATE_DIR)
  const root = appRoot()
  return {
    home,
    host: HOST,
    port: settings.CLASPER_PORT,
    identityPort: settings.CLASPER_PORT + 1,
    backendPort: await backendPortFor(settings.CLASPER_PORT + 2),
    models: modelsFor(readProcessEnv()),
    databaseUrl: databaseUrlOf(settings, home),
    workspace: resolve(cwd, settings.CLASPER_WORKSPACE),
    nodeEnv: dev ? 'development' : 'production',
    program: programOf(root, dev),
    server: serverOf(root, dev),
    cwd: root,
    progress: (line) => out(`… ${line}`),
  }
}

const takenPort = async (options: StackOptions): Promise<number | null> => {
  for (const port of [options.port, options.identityPort]) if (!(await isFree(port, options.host))) return port
  return null
}

const modelShown = ({ models = {} }: StackOptions): string => {
  const { LLM_MODEL_DEFAULT: name } = parseEnv({ ...readProcessEnv(), ...models, NODE_ENV: '' })
  return Object.keys(models).length === 0
    ? `${name}, as your environment says`
    : `${name}, built in: no key, no network`
}

// Ends when a person ends it, or when one of the services does.
const untilTheEnd = (stack: Stack, { out, err }: Terminal) =>
  new Promise<number>((resolveCode) => {
    let leaving = false
    const leave = async (code: number) => {
      if (leaving) return
      leaving = true
      out('\nStopping …')
      await stack.stop()
      out('Stopped.')
      resolveCode(code)
    }
    process.once('SIGINT', () => void leave(DONE))
    process.once('SIGTERM', () => void leave(DONE))
    for (const service of stack.services) {
      void service.ended.then((code) => {
        if (leaving) return
        err(`${service.name} ended with code ${code}. Its last lines (${service.logFile}):\n\n${service.lastLines()}`)
        void leave(FAILED)
      })
    }
  })

export const demo: Command = {
  name: 'demo',
  usage: 'clasper demo [--dev]',
  summary: 'start everything with a demo identity provider and demo data; --dev reloads on change',
  run: async (args, terminal) => {
    const { flags } = parseFlags(args, { dev: 'boolean' })
    const options = await optionsOf(terminal.cwd, flags.dev, terminal)
    const taken = await takenPort(options)
    if (taken !== null) {
      terminal.err(
        `Port ${taken} is in use. Stop the program that holds it, or choose another: CLASPER_PORT=9081 make demo`,
      )
      return FAILED
    }
    scaffoldWorkspace(options.workspace, false)
    const stack = await startStack(options)
    const file = writeDemoFile(options.home, stack)
    const shown = (path: string) => relative(terminal.cwd, path)
    const files = { demo: shown(file), log: shown(join(options.home, 'server.log')), model: modelShown(options) }
    for (const line of bannerOf(stack, files)) terminal.out(line)
    return untilTheEnd(stack, terminal)
  },
}
