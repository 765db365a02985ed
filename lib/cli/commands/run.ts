import { readProcessEnv } from '@/lib/core/env'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const KINDS = {
  role: 'string',
  user: 'string',
  workspace: 'string',
  task: 'string',
  model: 'string',
  json: 'boolean',
} as const

const ROLE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

const wishOf = (args: readonly string[], usualRole: string) => {
  const { flags, positionals } = parseFlags(args, KINDS, 1)
  const message = positionals[0]?.trim() ?? ''
  if (message === '') throw new UsageError('What shall the agent do? clasper run "message"')
  const role = flags.role ?? usualRole
  if (!ROLE.test(role)) throw new UsageError(`--role is a name, not "${role}"`)
  return { ...flags, message, role }
}

const isDim = (): boolean => process.stderr.isTTY && (readProcessEnv()['NO_COLOR'] ?? '') === ''

const DIM = '\u001B[2m'
const PLAIN = '\u001B[0m'

const screenOf = ({ err }: Terminal) => ({
  answer: (text: string) => void process.stdout.write(text),
  note: (line: string) => err(isDim() ? `${DIM}${line}${PLAIN}` : line),
})

type Ending = { code: number; trace: string | null }

const follow = async (args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<Ending> => {
  const { commandSettings } = await import('../settings')
  const { targetOf } = await import('../run/target')
  const { askServer } = await import('../run/ask-server')
  const { showOn } = await import('../run/show')
  const settings = commandSettings()
  const { json, ...wish } = wishOf(args, settings.AGENT_ROLE)
  const show = json ? (event: object) => terminal.out(JSON.stringify(event)) : showOn(screenOf(terminal))
  const ending: Ending = { code: FAILED, trace: null }
  try {
    for await (const event of askServer(await targetOf(settings, terminal.cwd, wish), signal)) {
      show(event)
      if ('trace_id' in event) ending.trace = event.trace_id ?? ending.trace
      if (event.type === 'error') return ending
      if (event.type === 'done') return { ...ending, code: isGood(event) ? DONE : FAILED }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  const where = ending.trace === null ? '' : ` What was done stands in trace ${ending.trace}.`
  terminal.err(signal.aborted ? `\nCancelled.${where}` : `\nThe connection ended before the answer did.${where}`)
  return ending
}

const isGood = ({ stop_reason, delivery }: { stop_reason: string; delivery: string }): boolean =>
  stop_reason !== 'cancelled' && delivery !== 'refused'

export const run: Command = {
  name: 'run',
  usage: 'clasper run "message" [--role r] [--user u] [--workspace w] [--task title] [--model m] [--json]',
  summary: 'let an agent work on a message and watch it; --json prints one event a line',
  run: async (args, terminal) => {
    const { untilStopped } = await import('../until-stopped')
    const unread = new AbortController()
    process.stdout.once('error', () => unread.abort())
    return (await follow(args, terminal, AbortSignal.any([untilStopped(), unread.signal]))).code
  },
}
