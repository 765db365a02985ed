import { z } from 'zod'
import { EFFECTS } from '../contract/policy-document'
import { DryRunBody } from '../contract/policy-question'
import { questionIn } from './ask-policy'
import { factsOf } from './facts'
import { issuesOf, type PolicyFile, policiesIn, yamlOf } from './filed'
import { withRealPaths } from './real-paths'
import type { PolicyRule } from './rule'
import { type PolicyMode, type Ruling, weigh } from './weigh'

const MODES = ['permissive', 'guarded', 'strict'] as const
const MOST_TESTS = 2000

const Case = z.strictObject({
  name: z.string().min(1).max(200),
  mode: z.enum(MODES).optional(),
  ask: z.strictObject(DryRunBody.omit({ drafts: true }).shape),
  expect: z.strictObject({
    decision: z.enum(EFFECTS),
    // As its file writes it; null where no policy speaks.
    policy: z.string().min(1).max(200).nullable().optional(),
    required_role: z.string().optional(),
    fallback: z.boolean().optional(),
  }),
})
type Case = z.output<typeof Case>

const Cases = z.strictObject({ tests: z.array(Case).max(MOST_TESTS) })

export type PolicyTestResult = {
  file: string
  name: string
  passed: boolean
  // What was not as expected, in words.
  misses: readonly string[]
  decision: string
  policy: string | null
  explanation: string
}

export type PolicyTestReport = { faults: readonly string[]; results: readonly PolicyTestResult[] }

type Read = { cases: { file: string; one: Case }[]; faults: string[] }

const casesIn = ({ path, text }: PolicyFile): Read => {
  const read = yamlOf(text)
  if ('fault' in read) return { cases: [], faults: [`${path} ${read.fault}`] }
  if (read.value === null || read.value === undefined) return { cases: [], faults: [] }
  const parsed = Cases.safeParse(Array.isArray(read.value) ? { tests: read.value } : read.value)
  if (!parsed.success) return { cases: [], faults: [`${path} ${issuesOf(parsed.error)}`] }
  return { cases: parsed.data.tests.map((one) => ({ file: path, one })), faults: [] }
}

const bare = (id: string | null): string | null => id?.replace(/^(?:workspace|server)\//, '') ?? null

const missesOf = ({ expect }: Case, ruling: Ruling): string[] => {
  const policy = bare(ruling.policyId)
  const pairs: [string, unknown, unknown][] = [
    ['decision', expect.decision, ruling.decision],
    ['policy', expect.policy === undefined ? policy : bare(expect.policy), policy],
    ['required_role', expect.required_role ?? ruling.requiredRole, ruling.requiredRole],
    ['fallback', expect.fallback ?? ruling.isFallback, ruling.isFallback],
  ]
  return pairs
    .filter(([, wanted, got]) => wanted !== got)
    .map(([what, wanted, got]) => `${what}: expected ${String(wanted)}, got ${String(got ?? null)}`)
}

type Around = { rules: readonly PolicyRule[]; root: string; mode: PolicyMode }

const runCase = async (file: string, one: Case, { rules, root, mode }: Around): Promise<PolicyTestResult> => {
  const question = questionIn(one.ask, one.ask.adapter_id)
  const facts = await withRealPaths(rules, factsOf(question, { tenantId: one.ask.tenant_id ?? 'test', root }))
  const ruling = weigh(rules, facts, one.mode ?? mode)
  const misses = missesOf(one, ruling)
  const { decision, policyId, explanation } = ruling
  return { file, name: one.name, passed: misses.length === 0, misses, decision, policy: bare(policyId), explanation }
}

type Suite = { policies: readonly PolicyFile[]; tests: readonly PolicyFile[]; root: string; mode: PolicyMode }

/** The tests that stand beside the policies of a workspace, without a server. */
export const testPolicies = async ({ policies, tests, root, mode }: Suite): Promise<PolicyTestReport> => {
  const filed = policiesIn(policies)
  const read = tests.map(casesIn)
  const faults = [...filed.faults, ...read.flatMap((one) => one.faults)]
  if (faults.length > 0) return { faults, results: [] }
  const results: PolicyTestResult[] = []
  for (const { file, one } of read.flatMap(({ cases }) => cases))
    results.push(await runCase(file, one, { rules: filed.rules, root, mode }))
  return { faults, results }
}
