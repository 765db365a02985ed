import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Command, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const USAGE = `clasper eval run --dataset <name[@version] or file.jsonl|json|csv> | --file evals/x.jsonl
       [--workspace id] [--environment e] [--version hash] [--skill name[@x.y.z]] [--model m]
       [--repeats n] [--parallel n] [--cap usd] [--threshold 0..1] [--live]
       [--baseline <eval id | version hash | latest>] [--fail-on failure|regression|never]
       [--junit file] [--server url] [--json]`

const KINDS = {
  dataset: 'string',
  file: 'string',
  workspace: 'string',
  environment: 'string',
  version: 'string',
  skill: 'string',
  model: 'string',
  repeats: 'string',
  parallel: 'string',
  cap: 'string',
  threshold: 'string',
  live: 'boolean',
  baseline: 'string',
  'fail-on': 'string',
  junit: 'string',
  server: 'string',
  json: 'boolean',
} as const

type Flags = ReturnType<typeof parseFlags<typeof KINDS>>['flags']

const MOST_BYTES = 16 * 1_048_576

const number = (name: 'repeats' | 'parallel' | 'cap' | 'threshold', text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  const isWhole = name === 'cap' || name === 'threshold' || Number.isInteger(value)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0 && isWhole) return value
  throw new UsageError(`--${name} is a number, not "${text}"`)
}

const given = (values: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const nameAndRest = (text: string): [string, string | undefined] => {
  const at = text.lastIndexOf('@')
  return at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text, undefined]
}

const fromFile = async (path: string): Promise<object> => {
  const { formatOf, parseCases } = await import('@/lib/evals')
  const bytes = readFileSync(path)
  if (bytes.length > MOST_BYTES) throw new UsageError(`${path} is larger than 16 MiB`)
  return { name: basename(path), cases: parseCases(formatOf(path), bytes.toString('utf8')) }
}

const saved = (text: string): object => {
  const [name, version] = nameAndRest(text)
  if (version !== undefined && !/^\d{1,6}$/.test(version)) return { name: text }
  return { name, ...(version === undefined ? {} : { version: Number(version) }) }
}

const FILE = /[.](?:jsonl|json|csv)$/

// A file that is there is taken for one; else it is the name of a dataset that the server keeps.
const datasetOf = async ({ dataset, file }: Flags, { cwd }: Terminal): Promise<object> => {
  if ((dataset === undefined) === (file === undefined)) throw new UsageError('Give --dataset or --file, one of them')
  if (file !== undefined) return { file }
  const path = resolve(cwd, dataset ?? '')
  if (FILE.test(path) && existsSync(path)) return { dataset: await fromFile(path) }
  return { dataset: saved(dataset ?? '') }
}

const optionsOf = (flags: Flags): object => {
  const [skill, version] = flags.skill === undefined ? [undefined, undefined] : nameAndRest(flags.skill)
  return given({
    model: flags.model,
    skill_name: skill,
    skill_version: version,
    repeats: number('repeats', flags.repeats),
    parallel: number('parallel', flags.parallel),
    cap_usd: number('cap', flags.cap),
    pass_threshold: number('threshold', flags.threshold),
    ...(flags.live ? { mock_tools: false } : {}),
  })
}

const run = async (flags: Flags, terminal: Terminal): Promise<number> => {
  const { FAIL_ON, runOnServer } = await import('../evals/run-eval')
  const failOn = FAIL_ON.find((one) => one === (flags['fail-on'] ?? 'failure'))
  if (failOn === undefined) throw new UsageError(`--fail-on is one of ${FAIL_ON.join(', ')}`)
  if (failOn === 'regression' && flags.baseline === undefined)
    throw new UsageError('--fail-on regression needs --baseline: worse than what?')
  const { quietSettings } = await import('../settings')
  const { evalDoor } = await import('../evals/eval-door')
  const { untilStopped } = await import('../until-stopped')
  const settings = quietSettings()
  const body = {
    ...(await datasetOf(flags, terminal)),
    options: optionsOf(flags),
    ...given({ workspace_id: flags.workspace, environment: flags.environment, version_hash: flags.version }),
  }
  const door = await evalDoor(settings, terminal.cwd, flags.server)
  const junit = flags.junit === undefined ? undefined : resolve(terminal.cwd, flags.junit)
  const wish = { body, baseline: flags.baseline, failOn, junit, json: flags.json }
  return runOnServer(door, wish, terminal, untilStopped())
}

export const evaluate: Command = {
  name: 'eval',
  usage: USAGE,
  summary: 'run the cases of a dataset through an agent, compare with a baseline, and fail where it became worse',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, KINDS, 1)
    if (positionals[0] !== 'run') throw new UsageError(USAGE)
    return run(flags, terminal)
  },
}
