import { createHash } from 'node:crypto'
import { stableJson } from '@/lib/shared/stable-json'
import type { PinSet } from '@/lib/workspace'
import type { PinSetView } from './contract'

// What is on its way: what the source ran when it was looked at, and in which form the target is to have it.
export type Candidate = {
  source: PinSet
  sourceRevision: number
  canary: { percent: number; users: readonly string[] } | null
}

export type Route = { workspaceId: string; sourceEnv: string; targetEnv: string }

// A model and who serves it are named together: one half of the source's and one of the target's fit nobody.
const modelOf = (source: PinSet, target: PinSet | null): Pick<PinSet, 'modelPin' | 'providerPin'> => {
  const from = source.modelPin === null && source.providerPin === null && target ? target : source
  return { modelPin: from.modelPin, providerPin: from.providerPin }
}

// A trial is one beside the version that everybody has: with another one there it is over.
const trialAfter = (source: PinSet, target: PinSet | null): PinSet['canary'] =>
  target?.versionHash === source.versionHash ? target.canary : null

export type FileSkills = {
  // What the source runs because its version says so, as it is resolved now: `latest` does not move behind a gate.
  resolved: Readonly<Record<string, string>>
  // What the version of the target says itself: that goes with the version.
  leaving: readonly string[]
}

const skillsAfter = (source: PinSet, target: PinSet | null, { resolved, leaving }: FileSkills) => {
  const kept = Object.entries(target?.skillPins ?? {}).filter(([name]) => !leaving.includes(name))
  return { ...Object.fromEntries(kept), ...resolved, ...source.skillPins }
}

type Arrival = { target: PinSet | null; skills: FileSkills; startedAt: string }

/** All that the target will run: the source's set, and of its own what the source does not name. */
export const nextSet = ({ source, canary }: Candidate, { target, skills, startedAt }: Arrival): PinSet => {
  if (canary && target) return { ...target, canary: { versionHash: source.versionHash, ...canary, startedAt } }
  return {
    versionHash: source.versionHash,
    skillPins: skillsAfter(source, target, skills),
    ...modelOf(source, target),
    canary: trialAfter(source, target),
  }
}

export const sha256 = (value: unknown): string =>
  `sha256:${createHash('sha256').update(stableJson(value)).digest('hex')}`

const bare = (set: PinSet | null) =>
  set && {
    version_hash: set.versionHash,
    skill_pins: set.skillPins,
    model_pin: set.modelPin,
    provider_pin: set.providerPin,
    canary: set.canary && {
      version_hash: set.canary.versionHash,
      percent: set.canary.percent,
      users: [...set.canary.users],
    },
  }

/** Whether the target would be given the same, whenever its trial began. */
export const isSameSet = (a: PinSet, b: PinSet): boolean => stableJson(bare(a)) === stableJson(bare(b))

type Subject = { id: string; route: Route; next: PinSet; before: PinSet | null; revision: number }

/** What a person says yes to: this change, of this target as it is, on this evidence. */
export const subjectHash = ({ id, route, next, before, revision }: Subject, evidenceHash: string): string =>
  sha256({ promotion: id, ...route, next: bare(next), replaces: bare(before), revision, evidence: evidenceHash })

const SHOWN_DIGITS = 16

export const shortHash = (hash: string): string => hash.slice(0, SHOWN_DIGITS)

export const viewOf = (set: PinSet): PinSetView => ({
  version_hash: shortHash(set.versionHash),
  skill_pins: { ...set.skillPins },
  model_pin: set.modelPin,
  provider_pin: set.providerPin,
  canary: set.canary && {
    version_hash: shortHash(set.canary.versionHash),
    percent: set.canary.percent,
    users: [...set.canary.users],
  },
})

type Merge = { next: PinSet | null; conflicts: readonly string[] }

const FIELDS = ['versionHash', 'modelPin', 'providerPin', 'canary'] as const

const same = (a: unknown, b: unknown): boolean => stableJson(a) === stableJson(b)

type Three<T> = { before: T; after: T; now: T }

// Whatever the promotion did not touch, or somebody changed since, stays; both at once fit no answer.
const undone = <T>({ before, after, now }: Three<T>): { value: T; isConflict: boolean } => {
  if (same(before, after)) return { value: now, isConflict: false }
  if (same(now, after) || same(now, before)) return { value: before, isConflict: false }
  return { value: now, isConflict: true }
}

const undoneSkills = (three: Three<PinSet>): { pins: Record<string, string>; conflicts: string[] } => {
  const [before, after, now] = [three.before.skillPins, three.after.skillPins, three.now.skillPins]
  const pins: Record<string, string> = {}
  const conflicts: string[] = []
  for (const name of new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(now)])) {
    const { value, isConflict } = undone<string | undefined>({
      before: before[name],
      after: after[name],
      now: now[name],
    })
    if (isConflict) conflicts.push(`skill_pins.${name}`)
    if (value !== undefined) pins[name] = value
  }
  return { pins, conflicts }
}

/** The target without this promotion: what it had, with what others changed beside it since. */
export const withoutPromotion = (before: PinSet | null, after: PinSet, now: PinSet | null): Merge => {
  if (now === null) return { next: null, conflicts: ['the environment is not pinned any more'] }
  if (same(after, now)) return { next: before, conflicts: [] }
  if (before === null) return { next: now, conflicts: ['it had nothing before, and something else was pinned since'] }
  const fields = FIELDS.map(
    (name) => [name, undone({ before: before[name], after: after[name], now: now[name] })] as const,
  )
  const skills = undoneSkills({ before, after, now })
  const conflicts = [
    ...fields.filter(([, { isConflict }]) => isConflict).map(([name]) => String(name)),
    ...skills.conflicts,
  ]
  const values = Object.fromEntries(fields.map(([name, { value }]) => [name, value]))
  return { next: { ...now, ...values, skillPins: skills.pins }, conflicts }
}
