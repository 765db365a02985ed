import { readAllowedTools } from './allowed-tools'
import { readFrontMatter } from './front-matter'
import { metadataPart, readOpenClaw } from './open-claw'

type Json = Record<string, unknown>
export type Converted = { manifest: Json; warnings: readonly string[] } | { fault: string }

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined

const versionIn = (keys: ReadonlyMap<string, unknown>): string | undefined => {
  const metadata = keys.get('metadata')
  const inside = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'version') : undefined
  return textOf(keys.get('version')) ?? textOf(inside)
}

const kept = (entries: readonly (readonly [string, unknown])[]): Json =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined))

const gatesOf = (metadata: unknown): Json | undefined => {
  const { always, os, needs } = readOpenClaw(metadata)
  const lists = { ...needs, os }
  const set = Object.entries(lists).filter(([, names]) => names.length > 0)
  return set.length > 0 || always ? { ...Object.fromEntries(set), ...(always ? { always } : {}) } : undefined
}

/** The text of a SKILL.md as a manifest: what its author wrote stays, in the places that a manifest has for it. */
export const manifestOfSkillMd = (text: string, version: string | undefined): Converted => {
  const front = readFrontMatter(text)
  if (!front.ok) return { fault: front.reason }
  const { keys, body, warnings } = front
  const metadata = keys.get('metadata')
  const claw = readOpenClaw(metadata)
  if (claw.faults.length > 0) return { fault: `requirements cannot be read: ${claw.faults.join(', ')}` }
  const { tools, warnings: doubts } = readAllowedTools(keys.get('allowed-tools'))
  const own = versionIn(keys)
  if (own !== undefined && version !== undefined && own !== version)
    return { fault: `version is ${own} in the file and ${version} beside it` }
  const manifest = kept([
    ['name', textOf(keys.get('name'))],
    ['version', own ?? version],
    ['description', textOf(keys.get('description'))?.replaceAll(/\s+/g, ' ')],
    ['instructions', body.trim()],
    ['permissions', tools.length > 0 ? { tools } : undefined],
    ['gates', gatesOf(metadata)],
    ['license', textOf(keys.get('license'))],
    ['compatibility', textOf(keys.get('compatibility'))],
    ['homepage', textOf(keys.get('homepage')) ?? textOf(metadataPart(metadata, 'openclaw')?.['homepage'])],
    ['emoji', claw.emoji],
    ['metadata', metadata ?? undefined],
  ])
  return { manifest, warnings: [...warnings, ...doubts] }
}
