import type { Scope } from '@/lib/core/scope'
import { type Bundle, loadSnapshot, type PinSet, rolledAway, wishedSkills } from '@/lib/workspace'
import { type Candidate, type FileSkills, nextSet, type Route } from './candidate'
import type { Pinned, Subject } from './checks/check'
import { isWider, wideningOf } from './checks/permission-check'
import { notKept, noVersion, sourceMissing } from './checks/place-checks'
import type { Check, CheckName } from './contract'
import type { Gate } from './contract/gates'
import { bindingGate, gateFor, gatesIn, loosenedBy, type ReadGates, stricter } from './gates'
import { stateOf } from './route-state'
import { type SetBundle, setBundle } from './set-bundle'

export type Looked =
  | Seen
  // What cannot even begin, and why.
  | { failed: CheckName; details: string }

export const bareOf = ({ versionHash, skillPins, modelPin, providerPin, canary }: PinSet): PinSet => ({
  ...{ versionHash, skillPins, modelPin, providerPin, canary },
})

// What the target asks cannot be known where its files are gone, so nothing is let in.
const LOST: ReadGates = { file: null, faults: ['the version that it runs cannot be loaded'] }
const NONE: ReadGates = { file: null, faults: [] }

type Asking = { candidate: Bundle; theirs: readonly (Bundle | null)[] }

const gatesAsked = ({ candidate, theirs }: Asking, target: string) => {
  const own = gatesIn(candidate.folder)
  const asked = theirs.map((bundle) => (bundle === null ? LOST : gatesIn(bundle.folder)))
  const ownGate = gateFor(own, target)
  const [first, ...more] = asked.map((one) => gateFor(one, target))
  const gate: Gate = first === undefined ? ownGate : bindingGate(ownGate, more.reduce(stricter, first))
  const current = {
    ...(asked.find(({ file }) => file !== null) ?? NONE),
    faults: asked.flatMap(({ faults }) => faults),
  }
  return { gate, gates: { candidate: own, current, loosened: loosenedBy(ownGate, gate) } }
}

// Whoever was at the gate before a rollback stands there still.
const pastOf = async (scope: Scope, { workspaceId, targetEnv }: Route): Promise<(Bundle | null)[]> => {
  const hashes = await rolledAway(scope, workspaceId, targetEnv)
  const load = (hash: string) => loadSnapshot(scope, { hash, workspaceId, isBootComplete: true, skills: undefined })
  return Promise.all(hashes.map(load))
}

// A pin names skills, or else the version does.
const fileSkills = (source: Pinned, origin: SetBundle, current: SetBundle | null): FileSkills => ({
  resolved: Object.keys(source.skillPins).length === 0 ? origin.skillVersions : {},
  leaving: current === null ? [] : Object.keys(wishedSkills(current.bundle.folder).wanted),
})

// What the version wishes and nobody has is missed, pinned or not.
const withWishes = (arrived: SetBundle, source: Pinned, origin: SetBundle): SetBundle =>
  Object.keys(source.skillPins).length > 0
    ? arrived
    : { ...arrived, wanted: { ...origin.wanted, ...arrived.wanted }, notes: origin.notes }

export type Ends = { source: Pinned; target: Pinned | null; canary: Candidate['canary'] }

export type Seen = { subject: Subject; asksApproval: boolean }

/** What stands between two ends; null where the version that is to come is not kept whole. */
export const subjectOf = async (
  scope: Scope,
  route: Route,
  { source, target, canary }: Ends,
  promotionId: string | null,
): Promise<Seen | null> => {
  const { workspaceId, targetEnv } = route
  const { versionHash } = source
  const from = { source: bareOf(source), sourceRevision: source.revision, canary }
  const current = target ? await setBundle(scope, workspaceId, target) : null
  const origin = await setBundle(scope, workspaceId, source)
  if (origin === null) return null
  const skills = fileSkills(source, origin, current)
  const arrival = { target: target && bareOf(target), skills, startedAt: scope.clock.now().toISOString() }
  const next = nextSet(from, arrival)
  const arrived = await setBundle(scope, workspaceId, { ...next, versionHash })
  if (arrived === null) return null
  const candidate = canary && target ? arrived : withWishes(arrived, source, origin)
  const theirs = [...(target ? [current?.bundle ?? null] : []), ...(await pastOf(scope, route))]
  const subject: Subject = {
    ...{ promotionId, route, source, target, next, versionHash, candidate, current },
    ...gatesAsked({ candidate: candidate.bundle, theirs }, targetEnv),
  }
  const widens = current !== null && isWider(wideningOf(current.bundle, candidate.bundle))
  return { subject, asksApproval: widens && subject.gate.permissions.widening === 'approval' }
}

/** Both ends as they are now, and what stands between them. */
export const look = async (
  scope: Scope,
  route: Route,
  { promotionId, canary }: { promotionId: string | null; canary: Candidate['canary'] },
): Promise<Looked> => {
  const { sourceExists, source, target } = await stateOf(scope, route)
  if (!sourceExists) return { failed: 'source_env_exists', details: sourceMissing(route.sourceEnv).details }
  if (source === null) return { failed: 'source_has_version', details: noVersion(route.sourceEnv).details }
  const seen = await subjectOf(scope, route, { source, target, canary }, promotionId)
  return seen ?? { failed: 'workspace_pinned', details: notKept(source.versionHash).details }
}

export const checksOf = (looked: Exclude<Looked, { subject: Subject }>): Check[] => {
  const failed: Check = { name: looked.failed, passed: false, status: 'fail', details: looked.details }
  if (looked.failed === 'source_env_exists') return [failed]
  const there: Check = { name: 'source_env_exists', passed: true, status: 'pass' }
  return looked.failed === 'source_has_version'
    ? [there, failed]
    : [there, { name: 'source_has_version', passed: true, status: 'pass' }, failed]
}
