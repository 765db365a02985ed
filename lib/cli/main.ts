#!/usr/bin/env node
import { ConfigError } from '@/lib/core/env'
import { type Command, DONE, FAILED, MISUSED, type Terminal, UsageError } from './command'
import { approvals } from './commands/approvals'
import { audit } from './commands/audit'
import { backend } from './commands/backend'
import { backup } from './commands/backup'
import { config } from './commands/config'
import { conformance } from './commands/conformance'
import { demo } from './commands/demo'
import { dispatcher } from './commands/dispatcher'
import { env } from './commands/env'
import { evaluate } from './commands/eval'
import { heartbeat } from './commands/heartbeat'
import { helpFor, helpOf } from './commands/help'
import { identityProvider } from './commands/identity-provider'
import { init } from './commands/init'
import { login } from './commands/login'
import { logout } from './commands/logout'
import { migrate } from './commands/migrate'
import { policy } from './commands/policy'
import { promotion } from './commands/promotion'
import { restore } from './commands/restore'
import { run } from './commands/run'
import { seed } from './commands/seed'
import { serve } from './commands/serve'
import { skill } from './commands/skill'
import { standup } from './commands/standup'
import { version } from './commands/version'
import { whoami } from './commands/whoami'
import { workspace } from './commands/workspace'

const commands = (): readonly Command[] => [
  init,
  serve,
  run,
  workspace,
  env,
  skill,
  migrate,
  backup,
  restore,
  evaluate,
  promotion,
  audit,
  approvals,
  policy,
  login,
  logout,
  whoami,
  config,
  demo,
  seed,
  backend,
  conformance,
  dispatcher,
  heartbeat,
  standup,
  identityProvider,
  version,
  help,
]
const help = helpFor(commands)

const ALSO: Record<string, string> = { '--help': 'help', '-h': 'help', '--version': 'version', '-v': 'version' }

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  cwd: process.cwd(),
}

const explain = (error: unknown, command: Command): number => {
  if (error instanceof UsageError) {
    terminal.err(`${error.message}\n\nUsage: ${command.usage}`)
    return MISUSED
  }
  terminal.err(error instanceof ConfigError ? error.message : `clasper ${command.name}: ${messageOf(error)}`)
  return FAILED
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const dispatch = async ([word = '', ...args]: readonly string[]): Promise<number> => {
  if (word === '') {
    for (const line of helpOf(commands())) terminal.out(line)
    return DONE
  }
  const name = ALSO[word] ?? word
  const command = commands().find((candidate) => candidate.name === name)
  if (!command) {
    terminal.err(`There is no command "${word}". clasper help lists them.`)
    return MISUSED
  }
  try {
    return await command.run(args, terminal)
  } catch (error) {
    return explain(error, command)
  }
}

process.exitCode = await dispatch(process.argv.slice(2))
