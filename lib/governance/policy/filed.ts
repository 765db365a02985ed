import { createHash } from 'node:crypto'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { PolicyDocument } from '../contract/policy-document'
import { type PolicyRule, type RuleSource, ruleOf } from './rule'

// What the files of a workspace say: lib/workspace reads them, since the rooms below do not know folders.
export type PolicyFiles = {
  rules: readonly PolicyRule[]
  // Why nothing may be decided by them, for people.
  faults: readonly string[]
  hash: string
}

// `root` is where the workspace stands, for paths below it; null where it has no folder here.
export type FiledPolicies = PolicyFiles & { root: string | null }

export type PolicyFile = { path: string; text: string }

const MOST_RULES = 500
const MOST_CHARACTERS = 262_144
const MOST_ALIASES = 20
const MOST_FAULTS = 20

const Listing = z.union([z.array(z.unknown()), z.strictObject({ policies: z.array(z.unknown()) })], {
  error: 'must be a list of policies, or a map with the one key `policies`',
})

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/:$/, '')

/** The value of a YAML text; what is wrong with it, where that is so. */
export const yamlOf = (text: string): { value: unknown } | { fault: string } => {
  if (text.length > MOST_CHARACTERS) return { fault: `is longer than ${MOST_CHARACTERS} characters` }
  try {
    const document = parseDocument(text, { logLevel: 'error', uniqueKeys: true, prettyErrors: true })
    const [error] = document.errors
    if (error) return { fault: `is not valid YAML: ${firstLine(error.message)}` }
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown }
  } catch (error) {
    return { fault: `is not valid YAML: ${firstLine(error instanceof Error ? error.message : '')}` }
  }
}

export const issuesOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.length === 0 ? '' : `${path.map(String).join('.')}: `}${message}`)
    .join('; ')

const ruleAt = (raw: unknown, source: RuleSource): { rule: PolicyRule | null } | { fault: string } => {
  const parsed = PolicyDocument.safeParse(raw)
  if (!parsed.success) return { fault: issuesOf(parsed.error) }
  const { scope, enabled } = parsed.data
  if (source === 'workspace' && (scope?.workspace_id !== undefined || scope?.tenant_id !== undefined))
    return { fault: 'scope: a file of a workspace speaks of that workspace alone; name an environment or nothing' }
  return { rule: enabled === false ? null : ruleOf(parsed.data, source) }
}

const nameOf = (raw: unknown, at: number): string =>
  typeof raw === 'object' && raw !== null && 'policy_id' in raw && typeof raw.policy_id === 'string'
    ? raw.policy_id.slice(0, 100)
    : `policy ${at + 1}`

type Read = { rules: PolicyRule[]; faults: string[] }

const readFile = ({ path, text }: PolicyFile, source: RuleSource): Read => {
  const read = yamlOf(text)
  if ('fault' in read) return { rules: [], faults: [`${path} ${read.fault}`] }
  if (read.value === null || read.value === undefined) return { rules: [], faults: [] }
  const listing = Listing.safeParse(read.value)
  if (!listing.success) return { rules: [], faults: [`${path} ${issuesOf(listing.error)}`] }
  const all = Array.isArray(listing.data) ? listing.data : listing.data.policies
  if (all.length > MOST_RULES) return { rules: [], faults: [`${path} holds more than ${MOST_RULES} policies`] }
  const made = all.map((raw, at) => ({ name: nameOf(raw, at), ...ruleAt(raw, source) }))
  return {
    rules: made.flatMap((one) => ('rule' in one && one.rule ? [one.rule] : [])),
    faults: made.flatMap((one) => ('fault' in one ? [`${path}, ${one.name}: ${one.fault}`] : [])),
  }
}

const twice = (rules: readonly PolicyRule[]): string[] => {
  const seen = new Set<string>()
  return rules.flatMap(({ id }) => {
    const isKnown = seen.has(id)
    seen.add(id)
    return isKnown ? [`there is more than one policy ${id}`] : []
  })
}

export const hashOf = (canonical: readonly string[]): string =>
  `sha256:${createHash('sha256')
    .update([...canonical].sort().join('\n'))
    .digest('hex')}`

/** The rules in these files. One fault in one of them and none of them can be gone by. */
export const policiesIn = (files: readonly PolicyFile[], source: RuleSource = 'workspace'): PolicyFiles => {
  const read = files.map((file) => readFile(file, source))
  const rules = read.flatMap((one) => one.rules)
  const tooMany = rules.length > MOST_RULES ? [`there are more than ${MOST_RULES} policies`] : []
  return {
    rules,
    faults: [...read.flatMap((one) => one.faults), ...twice(rules), ...tooMany].slice(0, MOST_FAULTS),
    hash: hashOf(rules.map(({ canonical }) => canonical)),
  }
}

export const NO_FILED_POLICIES: FiledPolicies = { ...policiesIn([]), root: null }
