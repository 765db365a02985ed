import { ENVIRONMENT_STAGES } from '@/lib/workspace/contract/environments'
import { type Command, DONE, type Terminal, UsageError } from '../command'
import type { Environments } from '../environments/environment-door'
import { namesIn, parseFlags } from '../flags'

const USAGE = `clasper env list | init [--default dev|staging|prod] | pin <environment> <version> | unpin <environment>
       lock <environment> | unlock <environment> | history [environment]
       canary <environment> [version] [--percent n] [--users a,b] | canary <environment> --promote | --end
       [--workspace w] [--reason "…"] [--server <url>] [--json]`

const KINDS = {
  ...({ workspace: 'string', server: 'string', default: 'string', percent: 'string', users: 'string' } as const),
  ...({ reason: 'string', promote: 'boolean', end: 'boolean', json: 'boolean' } as const),
} as const

type Flags = ReturnType<typeof parseFlags<typeof KINDS>>['flags']
// What the server said, and the lines that tell it to a person.
type Said = { reply: object; lines: () => Promise<readonly string[]> }
type Act = (environments: Environments, words: readonly string[], flags: Flags) => Promise<Said>

const VERSION = /^(?:latest|[0-9a-fA-F]{8,64})$/

const environmentOf = ([name]: readonly string[]): string => {
  if (name !== undefined && name !== '') return name
  throw new UsageError('Which environment? clasper env list names them.')
}

const versionOf = (text: string | undefined): string => {
  if (text !== undefined && VERSION.test(text)) return text
  throw new UsageError('Which version? Give 8 to 64 digits of its hash, or latest.')
}

const whyOf = ({ reason }: Flags): object => (reason === undefined ? {} : { reason })

const shown = () => import('../environments/show')

const list: Act = async (environments) => {
  const reply = await environments.list()
  return { reply, lines: async () => (await shown()).environmentLines(reply.environments) }
}

const init: Act = async (environments, _words, flags) => {
  const wished = flags.default === undefined ? 'dev' : ENVIRONMENT_STAGES.find((one) => one === flags.default)
  if (!wished) throw new UsageError(`--default is one of ${ENVIRONMENT_STAGES.join(', ')}`)
  await environments.init({ default_env: wished })
  return list(environments, [], flags)
}

const pinSaid = (reply: { pin: Parameters<Awaited<ReturnType<typeof shown>>['pinLine']>[0] }): Said => ({
  reply,
  lines: async () => [(await shown()).pinLine(reply.pin)],
})

const pin: Act = async (environments, words, flags) => {
  const body = { environment: environmentOf(words), version_hash: versionOf(words[1]), ...whyOf(flags) }
  return pinSaid(await environments.pin(body))
}

const unpin: Act = async (environments, words) => {
  const environment = environmentOf(words)
  const reply = await environments.unpin(environment)
  return { reply, lines: async () => [`${environment} is not pinned any more: runs get the files as they are`] }
}

const setLock =
  (locked: boolean): Act =>
  async (environments, words, flags) => {
    const environment = environmentOf(words)
    const reply = await environments.save({ environment, locked, ...whyOf(flags) })
    return { reply, lines: async () => [`${environment} is ${locked ? 'locked' : 'not locked'}`] }
  }

const history: Act = async (environments, [environment]) => {
  const reply = await environments.history(environment)
  return { reply, lines: async () => (await shown()).historyLines(reply.changes) }
}

const MOST_PERCENT = 100

const percentOf = ({ percent }: Flags): object => {
  if (percent === undefined) return {}
  if (/^\d{1,3}$/.test(percent) && Number(percent) <= MOST_PERCENT) return { percent: Number(percent) }
  throw new UsageError('--percent is a whole number from 0 to 100')
}

const usersOf = ({ users }: Flags): object => (users === undefined ? {} : { users: namesIn(users) })

const compared = async (environments: Environments, environment: string): Promise<Said> => {
  const reply = await environments.arms(environment)
  return { reply, lines: async () => (await shown()).armLines(reply) }
}

const canary: Act = async (environments, words, flags) => {
  const environment = environmentOf(words)
  const [, version] = words
  const wish = { ...percentOf(flags), ...usersOf(flags) }
  if (flags.end && flags.promote) throw new UsageError('A canary is ended or promoted, not both.')
  if (flags.end) return pinSaid(await environments.end(environment))
  if (flags.promote) return pinSaid(await environments.forAll({ environment, ...whyOf(flags) }))
  if (version === undefined && Object.keys(wish).length === 0) return compared(environments, environment)
  const which = version === undefined ? {} : { version_hash: versionOf(version) }
  return pinSaid(await environments.tryOut({ environment, ...which, ...wish, ...whyOf(flags) }))
}

const ACTS: Readonly<Record<string, Act>> = {
  ...{ list, init, pin, unpin, history, canary },
  lock: setLock(true),
  unlock: setLock(false),
}

const behind = async ({ workspace = 'default', server }: Flags, { cwd }: Terminal): Promise<Environments> => {
  const { commandSettings } = await import('../settings')
  const { doorTo } = await import('../workspace/server')
  const { environmentsBehind } = await import('../environments/environment-door')
  return environmentsBehind(await doorTo(commandSettings(), cwd, { server, workspace }), workspace)
}

export const env: Command = {
  name: 'env',
  usage: USAGE,
  summary: 'what runs where: environments, their pins, locks and canaries',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, KINDS, 3)
    const [verb = 'list', ...words] = positionals
    const act = Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined
    if (!act) throw new UsageError(`env ${verb} is not known`)
    const { reply, lines } = await act(await behind(flags, terminal), words, flags)
    for (const line of flags.json ? [JSON.stringify(reply)] : await lines()) terminal.out(line)
    return DONE
  },
}
