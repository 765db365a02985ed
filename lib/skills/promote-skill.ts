import type { MutateDb, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { overrideWrites } from '@/lib/governance'
import type { Override } from '@/lib/governance/contract'
import { missing, Problem } from '@/lib/shared/problem'
import { stateOf } from './get-skill'
import { signatureFault } from './load-version'
import { permissionDiff } from './permission-diff'
import { moveState } from './sql'
import { nextStates, type SkillState } from './states'
import { findLight, findManifests, findPassed, type LightRow } from './store'
import { requireWholeTenant } from './whole-tenant'

type Move = { target_state: SkillState; override?: Override | undefined }
type Passed = { testRun: string | null; receipt: ReturnType<typeof overrideWrites> | null }

const refuse = (message: string, from: string, to: SkillState): never => {
  throw new Problem('promotion_failed', 'Promotion failed', undefined, {
    body: { message, current_state: from, target_state: to },
  })
}

const assertNext = (from: SkillState, to: SkillState): void => {
  const next = nextStates(from)
  if (next.includes(to)) return
  const ways = next.length === 0 ? 'nothing follows it' : `it leads to ${next.join(', ')}`
  refuse(`A version that is ${from} cannot become ${to}: ${ways}.`, from, to)
}

const NO_TESTS = 'No test run has passed on exactly this content. Run its tests first.'

// Only draft → tested asks for tests: what is tested was so when it became it, and its content never changes.
const testsFor = async (
  scope: Scope,
  db: MutateDb,
  row: LightRow,
  { target_state: to, override }: Move,
): Promise<Passed> => {
  if (to !== 'tested' || row.state !== 'draft') return { testRun: null, receipt: null }
  const passed = await findPassed(db, row.name, row.version, row.contentHash)
  if (passed) return { testRun: passed.id, receipt: null }
  if (override === undefined) return refuse(NO_TESTS, row.state, to)
  const action = 'skill.promote'
  return { testRun: null, receipt: overrideWrites(scope, { override, action, targetId: `${row.name}@${row.version}` }) }
}

const use = async (db: MutateDb, { receipt }: Passed): Promise<void> => {
  for (const { statement, rows } of receipt?.writes ?? []) await db.run(statement, rows)
  for (const audit of receipt?.audits ?? []) db.audit(audit)
}

const assertSigned = async (scope: Scope, row: LightRow, to: SkillState): Promise<void> => {
  const fault = to === 'active' ? await signatureFault(scope, row) : null
  if (fault !== null) refuse(`It could not run: ${fault}.`, row.state, to)
}

/** The next state of a version. Who asks second, from a state that is gone, is told so. */
export const promoteSkill = async (scope: Scope, name: string, version: string, move: Move) => {
  requireWholeTenant(scope)
  const row = (await findLight(scope.db, name, version)) ?? missing('skill', `${name}@${version}`)
  const [from, to] = [stateOf(row.state), move.target_state]
  assertNext(from, to)
  await assertSigned(scope, row, to)
  const diff = permissionDiff(version, await findManifests(scope.db, [name]))
  const told = ({ testRun, receipt }: Passed) => ({
    ...{ name, version, from, to, content_hash: row.contentHash },
    ...(testRun === null ? {} : { test_run_id: testRun }),
    ...(receipt === null ? {} : { receipt_id: receipt.id }),
  })
  const about = { event: 'skill_state_changed' as const, entityId: `${name}@${version}`, data: told }
  const passed = await scope.mutate(about, async (db) => {
    const tests = await testsFor(scope, db, row, move)
    const change = { name, version, from, to, hash: row.contentHash, at: storedTime(scope.clock.now()) }
    if ((await db.run(moveState, [change])).length === 0) throw new Problem('version_conflict')
    await use(db, tests)
    return tests
  })
  return {
    status: 'ok' as const,
    skill: { name, version, state: to, previous_state: from },
    permission_diff: diff,
    override_used: passed.receipt !== null,
    receipt_id: passed.receipt?.id ?? null,
  }
}
