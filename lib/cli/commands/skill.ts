import { resolve } from 'node:path'
import { type Command, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const USAGE = `clasper skill publish <file or folder> [--version x.y.z] [--key private.pem]
       clasper skill test <name>[@version] [--model m] [--live] [--timeout ms] [--workspace id] [--junit file]
       clasper skill promote <name>@<version> <state> [--override code --reason "…"]
       clasper skill list [words] [--state s]
       [--server url] [--json]`

const KINDS = {
  server: 'string',
  version: 'string',
  key: 'string',
  model: 'string',
  live: 'boolean',
  timeout: 'string',
  workspace: 'string',
  junit: 'string',
  override: 'string',
  reason: 'string',
  state: 'string',
  json: 'boolean',
} as const

type Flags = ReturnType<typeof parseFlags<typeof KINDS>>['flags']
type Act = (flags: Flags, words: readonly string[], terminal: Terminal) => Promise<number>

const NAMED = /^([a-z][a-z0-9_-]{0,63})(?:@(\d+\.\d+\.\d+))?$/

const openDoor = async ({ server }: Flags, { cwd }: Terminal) => {
  const { quietSettings } = await import('../settings')
  const { skillDoor } = await import('../skill/skill-door')
  return skillDoor(quietSettings(), cwd, server)
}

const namedIn = (text: string | undefined): { name: string; version: string | undefined } => {
  const found = NAMED.exec(text ?? '')
  if (found?.[1] === undefined) throw new UsageError(`${text ?? 'Nothing'} is no skill: give <name> or <name>@<x.y.z>`)
  return { name: found[1], version: found[2] }
}

const wholeOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text)
  throw new UsageError('--timeout is a number of milliseconds')
}

const publish: Act = async (flags, [path], terminal) => {
  if (path === undefined) throw new UsageError('What is to be published? Give a manifest, a SKILL.md or its folder.')
  const { publish: act } = await import('../skill/publish')
  const key = flags.key === undefined ? undefined : resolve(terminal.cwd, flags.key)
  const door = await openDoor(flags, terminal)
  return act(door, { path: resolve(terminal.cwd, path), version: flags.version, key, json: flags.json }, terminal)
}

const test: Act = async (flags, [named], terminal) => {
  const { name, version } = namedIn(named)
  const timeout = wholeOf(flags.timeout)
  const { test: act } = await import('../skill/test')
  const options = {
    mock_tools: !flags.live,
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(flags.workspace === undefined ? {} : { workspace_id: flags.workspace }),
  }
  const junit = flags.junit === undefined ? undefined : resolve(terminal.cwd, flags.junit)
  const wish = { name, version: version ?? flags.version, options, junit, json: flags.json }
  return act(await openDoor(flags, terminal), wish, terminal)
}

const overrideIn = ({ override, reason }: Flags): object | undefined => {
  if (override === undefined && reason === undefined) return undefined
  if (override !== undefined && reason !== undefined) return { reason_code: override, justification: reason }
  throw new UsageError('--override and --reason go together: others will read why.')
}

const promote: Act = async (flags, [named, state], terminal) => {
  const { name, version } = namedIn(named)
  if (version === undefined || state === undefined) throw new UsageError('Which version, and to which state?')
  const wish = { name, version, state, override: overrideIn(flags), json: flags.json }
  const { promote: act } = await import('../skill/promote')
  return act(await openDoor(flags, terminal), wish, terminal)
}

const list: Act = async (flags, words, terminal) => {
  const { list: act } = await import('../skill/list')
  const q = words.length === 0 ? undefined : words.join(' ')
  return act(await openDoor(flags, terminal), { q, state: flags.state, json: flags.json }, terminal)
}

const ACTS: Readonly<Record<string, { act: Act; most: number }>> = {
  publish: { act: publish, most: 1 },
  test: { act: test, most: 1 },
  promote: { act: promote, most: 2 },
  list: { act: list, most: 8 },
}

export const skill: Command = {
  name: 'skill',
  usage: USAGE,
  summary: 'the registry of skills: publish a version, run its tests, move it to its next state',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, KINDS, 9)
    const [verb = '', ...words] = positionals
    const found = Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined
    if (!found || words.length > found.most) throw new UsageError(USAGE)
    return found.act(flags, words, terminal)
  },
}
