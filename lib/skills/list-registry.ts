import { dateOf } from '@/lib/core/clock'
import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import type { Listing, RegistryRow } from './contract/registry'
import { stateOf } from './get-skill'
import { permissionDiff, toolsIn } from './permission-diff'
import { findLatestPage, findManifests, findPins, type SkillRow, type Use, usesOf } from './store'

const plain = (row: SkillRow) => ({
  name: row.name,
  version: row.version,
  description: row.description,
  checksum: row.checksum,
  published_at: toWire(row.publishedAt),
})

const pageOf = <Row>(skills: Row[], total: number, { offset }: Pick<Listing, 'offset'>) => ({
  skills,
  total,
  has_more: offset + skills.length < total,
})

export const listRegistry = async (scope: Scope, query: Listing) => {
  const { rows, total } = await findLatestPage(scope, query)
  return pageOf(rows.map(plain), total, query)
}

const EVER = dateOf(0)

const pinOf = (pins: unknown, name: string): string | null => {
  const version =
    typeof pins === 'object' && pins !== null && Object.hasOwn(pins, name) ? Reflect.get(pins, name) : null
  return typeof version === 'string' ? version : null
}

type Pins = Awaited<ReturnType<typeof findPins>>

const environmentsOf = (pins: Pins, name: string): RegistryRow['environments'] =>
  pins.flatMap(({ workspaceId, environment, skillPins }) => {
    const version = pinOf(skillPins, name)
    return version === null ? [] : [{ workspace_id: workspaceId, environment, version }]
  })

const usedBy = (uses: ReadonlyMap<string, Use>, keys: readonly string[]) => {
  const found = keys.flatMap((key) => uses.get(key) ?? [])
  const days = found.map(({ last }) => last).sort()
  const sumOf = (part: 'traces' | 'errors' | 'cost') => found.reduce((sum, use) => sum + use[part], 0)
  return {
    usage_count: sumOf('traces'),
    error_count: sumOf('errors'),
    total_cost_micro_usd: sumOf('cost'),
    last_used: days.at(-1) ?? null,
  }
}

/** With what each skill is used for and where, within the caller's reach. Few queries, however many rows. */
export const opsListRegistry = async (scope: Scope, query: Listing) => {
  const { rows, total } = await findLatestPage(scope, query)
  const names = rows.map(({ name }) => name)
  const { workspaces, user } = reachOf(scope)
  const [all, pins] = await Promise.all([findManifests(scope.db, names), findPins(scope.db, workspaces)])
  const keysOf = (name: string) => all.flatMap((one) => (one.name === name ? [`${name}@${one.version}`] : []))
  const keys = names.flatMap(keysOf)
  const uses = user === null ? await usesOf(scope, { names: keys, since: EVER, workspaces }) : new Map<string, Use>()
  const skills = rows.map((row) => ({
    ...plain(row),
    state: stateOf(row.state),
    permissions: toolsIn(row.manifest),
    ...usedBy(uses, keysOf(row.name)),
    version_count: keysOf(row.name).length,
    environments: environmentsOf(pins, row.name),
    permission_diff: permissionDiff(
      row.version,
      all.filter(({ name }) => name === row.name),
    ),
    is_signed: row.signature !== null,
  }))
  return pageOf(skills, total, query)
}
