import { resolve } from 'node:path'
import type { Env } from '@/lib/core/env'
import { type Command, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const USAGE = `clasper workspace push [dir] [-m "why"] | pull [dir] [--version v] | diff [dir] [--version v] | diff <from> <to>
       [--workspace id] [--server url] [--force] [--create] [--exit-code] [--json]`

const KINDS = {
  workspace: 'string',
  server: 'string',
  message: 'string',
  version: 'string',
  force: 'boolean',
  create: 'boolean',
  'exit-code': 'boolean',
  json: 'boolean',
} as const

type Flags = ReturnType<typeof parseFlags<typeof KINDS>>['flags']

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/
const VERSION = /^(?:latest|[0-9a-fA-F]{8,64})$/

const versionOf = (text: string | undefined): string => {
  const version = text ?? 'latest'
  if (VERSION.test(version)) return version
  throw new UsageError(`${version} names no version: give 8 to 64 digits of its hash, or latest`)
}

const openDoor = async (settings: Env, flags: Flags, folder: string, { cwd }: Terminal) => {
  const { knownWorkspace } = await import('../workspace/state-file')
  const { doorTo } = await import('../workspace/server')
  const workspace = flags.workspace ?? knownWorkspace(folder) ?? 'default'
  if (!NAME.test(workspace)) throw new UsageError(`--workspace is an id, not "${workspace}"`)
  return { workspace, door: await doorTo(settings, cwd, { server: flags.server, workspace }) }
}

type Act = (flags: Flags, words: readonly string[], terminal: Terminal) => Promise<number>

const settingsOf = async (): Promise<Env> => (await import('../settings')).commandSettings()

const push: Act = async (flags, [named], terminal) => {
  const settings = await settingsOf()
  const folder = resolve(terminal.cwd, named ?? settings.CLASPER_WORKSPACE)
  const { workspace, door } = await openDoor(settings, flags, folder, terminal)
  const { push: act } = await import('../workspace/push')
  const { message, force, create, json } = flags
  return act(door, { folder, workspace, message, force, create, json }, terminal)
}

const pull: Act = async (flags, [named], terminal) => {
  const settings = await settingsOf()
  const folder = resolve(terminal.cwd, named ?? settings.CLASPER_WORKSPACE)
  const version = versionOf(flags.version)
  const { workspace, door } = await openDoor(settings, flags, folder, terminal)
  const { pull: act } = await import('../workspace/pull')
  return act(door, { folder, workspace, version, force: flags.force, json: flags.json }, terminal)
}

const diff: Act = async (flags, [first, second], terminal) => {
  const settings = await settingsOf()
  const how = { json: flags.json, exitCode: flags['exit-code'] }
  const folder = resolve(
    terminal.cwd,
    second === undefined ? (first ?? settings.CLASPER_WORKSPACE) : settings.CLASPER_WORKSPACE,
  )
  const { door } = await openDoor(settings, flags, folder, terminal)
  const { diffLocal, diffRemote } = await import('../workspace/diff')
  if (second === undefined) return diffLocal(door, { ...how, folder, version: versionOf(flags.version) }, terminal)
  return diffRemote(door, { ...how, from: versionOf(first), to: versionOf(second) }, terminal)
}

const ACTS: Readonly<Record<string, Act>> = { push, pull, diff }

export const workspace: Command = {
  name: 'workspace',
  usage: USAGE,
  summary: 'the files of a workspace as versions on a server: push a folder, pull one, compare them',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, KINDS, 3)
    const [verb = '', ...words] = positionals
    const act = Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined
    if (!act || words.length > (verb === 'diff' ? 2 : 1)) throw new UsageError(USAGE)
    return act(flags, words, terminal)
  },
}
