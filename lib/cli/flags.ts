import { parseArgs } from 'node:util'
import { UsageError } from './command'

type Kinds = Record<string, 'boolean' | 'string'>
type Values<K extends Kinds> = { [Name in keyof K]: K[Name] extends 'boolean' ? boolean : string | undefined }

const SHORT: Record<string, string> = { force: 'f', json: 'j', message: 'm' }

const optionsFor = (kinds: Kinds) =>
  Object.fromEntries(
    Object.entries(kinds).map(([name, type]) => {
      const short = SHORT[name]
      return [name, short ? { type, short } : { type }]
    }),
  )

// One strict parser for every command: an unknown flag is a mistake to report, not to ignore.
export const parseFlags = <K extends Kinds>(args: readonly string[], kinds: K, most = 0) => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: optionsFor(kinds), allowPositionals: true })
    if (positionals.length > most) throw new UsageError(`Unexpected argument: ${positionals[most]}`)
    const flags = Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [name, values[name] ?? (kind === 'boolean' ? false : undefined)]),
    )
    return { flags: flags as Values<K>, positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

export const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
