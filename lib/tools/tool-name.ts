import { createHash } from 'node:crypto'

// What every provider takes as the name of a function.
const SAFE = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/
const MOST = 64
const DIGITS = 8

export const isToolName = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}$/.test(name)

const suffixOf = (name: string, round: number): string => {
  const text = round === 0 ? name : `${name}\n${round}`
  return `_${createHash('sha256').update(text).digest('hex').slice(0, DIGITS)}`
}

const softened = (name: string): string => {
  const text = name.replace(/[^A-Za-z0-9_-]/g, '_')
  return /^[A-Za-z_]/.test(text) ? text : `t_${text}`
}

const aliasOf = (name: string, taken: (alias: string) => boolean): string => {
  const soft = softened(name)
  if (soft.length <= MOST && !taken(soft)) return soft
  for (let round = 0; ; round++) {
    const alias = soft.slice(0, MOST - DIGITS - 1) + suffixOf(name, round)
    if (!taken(alias)) return alias
  }
}

// Names that are safe already keep themselves, whoever comes first. The order decides nothing.
export const aliasesFor = (names: readonly string[]): ReadonlyMap<string, string> => {
  const owners = new Map(names.filter((name) => SAFE.test(name)).map((name) => [name, name]))
  for (const name of names.filter((candidate) => !SAFE.test(candidate)).sort()) {
    owners.set(
      aliasOf(name, (alias) => owners.has(alias)),
      name,
    )
  }
  return owners
}
