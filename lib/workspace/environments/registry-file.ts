import { parse } from 'yaml'
import { kernel } from '@/lib/core/kernel'

export const REGISTRY_FILE = 'skills/registry.yaml'

export type WishedSkills = { wanted: Readonly<Record<string, string>>; notes: readonly string[] }

const MOST_ALIASES = 20
const NAME = /^[a-z][a-z0-9_-]{0,63}$/
const VERSION = /^(?:latest|\d{1,9}\.\d{1,9}\.\d{1,9})$/

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wholly = (text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: MOST_ALIASES, logLevel: 'error' })
  } catch {
    return undefined
  }
}

const noted = (note: string): WishedSkills => ({ wanted: {}, notes: [`${REGISTRY_FILE} ${note}`] })

/** Which skills of the registry a workspace wants: `name: x.y.z` or `name: latest`, line by line. */
export const wishedIn = (text: string): WishedSkills => {
  const read = wholly(text)
  if (read === null) return { wanted: {}, notes: [] }
  if (read === undefined) return noted('is not valid YAML; it is left out')
  if (!isMap(read)) return noted('is no map; it is left out')
  const lines = Object.entries(read).map(([name, version]) => ({ name, version: String(version) }))
  const isFit = ({ name, version }: { name: string; version: string }) => NAME.test(name) && VERSION.test(version)
  return {
    wanted: Object.fromEntries(lines.filter(isFit).map(({ name, version }) => [name, version])),
    notes: lines
      .filter((line) => !isFit(line))
      .map(({ name }) => `${REGISTRY_FILE} ${name.slice(0, 64)}: must be x.y.z or latest; it is left out`),
  }
}

type Texts = ReadonlyMap<string, string>

const NOTHING: WishedSkills = { wanted: {}, notes: [] }

/** The same, read once for each version of the files. */
export const wishedSkills = ({ texts }: { texts: Texts }): WishedSkills => {
  const text = texts.get(REGISTRY_FILE)
  if (text === undefined) return NOTHING
  const all = kernel().slot('workspace.wished-skills', () => new WeakMap<Texts, WishedSkills>())
  const known = all.get(texts)
  if (known) return known
  const made = wishedIn(text)
  all.set(texts, made)
  return made
}
