import type { Bundle } from '@/lib/workspace'
import { type Checker, type Finding, fail, listed, NOTHING_BEFORE, pass, unsure } from './check'

type Widening = {
  tools: { added: string[]; removed: string[] }
  requests: { added: string[]; removed: string[] }
  rules: { removed: string[]; changed: string[]; allowing: string[] }
  servers: { changed: boolean }
}

const plus = (before: readonly string[], now: readonly string[]): string[] =>
  [...new Set(now)].filter((one) => !before.includes(one)).sort()

const changes = (before: readonly string[], now: readonly string[]) => ({
  added: plus(before, now),
  removed: plus(now, before),
})

const rulesOf = ({ policies }: Bundle) => new Map(policies.rules.map((rule) => [rule.id, rule]))

// A rule that forbids or asks widens what may be done when it goes or changes; one that allows, when it comes.
const ruleChanges = (before: Bundle, now: Bundle): Widening['rules'] => {
  const [old, fresh] = [rulesOf(before), rulesOf(now)]
  const binding = [...old.values()].filter(({ effect }) => effect !== 'allow')
  return {
    removed: binding.filter(({ id }) => !fresh.has(id)).map(({ id }) => id),
    changed: binding
      .filter(({ id, canonical }) => fresh.has(id) && fresh.get(id)?.canonical !== canonical)
      .map(({ id }) => id),
    allowing: [...fresh.values()]
      .filter(({ id, effect, canonical }) => effect === 'allow' && old.get(id)?.canonical !== canonical)
      .map(({ id }) => id),
  }
}

const hostsOf = ({ httpTools }: Bundle): string[] =>
  httpTools.map(({ name, method, url }) => `${name} (${method} ${url})`)

const SERVERS_FILE = 'mcp.yaml'

const serversOf = ({ folder }: Bundle): string => folder.texts.get(SERVERS_FILE)?.trim() ?? ''

export const wideningOf = (before: Bundle, now: Bundle): Widening => ({
  tools: changes(before.toolGrants, now.toolGrants),
  requests: changes(hostsOf(before), hostsOf(now)),
  rules: ruleChanges(before, now),
  servers: { changed: serversOf(before) !== serversOf(now) && serversOf(now) !== '' },
})

const wordsFor = ({ tools, requests, rules, servers }: Widening): string[] => [
  ...(tools.added.length > 0 ? [`new tools ${listed(tools.added)}`] : []),
  ...(requests.added.length > 0 ? [`new requests ${listed(requests.added)}`] : []),
  ...(rules.removed.length > 0 ? [`rules that are gone ${listed(rules.removed)}`] : []),
  ...(rules.changed.length > 0 ? [`rules that changed ${listed(rules.changed)}`] : []),
  ...(rules.allowing.length > 0 ? [`rules that newly allow ${listed(rules.allowing)}`] : []),
  ...(servers.changed ? [`other servers in ${SERVERS_FILE}`] : []),
]

/** Whether it may do more than what it replaces: then another person has to look at it, unless the gate says otherwise. */
export const isWider = (widening: Widening): boolean => wordsFor(widening).length > 0

const verdict = (mode: 'block' | 'approval' | 'allow', widening: Widening): Finding => {
  const evidence = { ...widening, mode }
  if (!isWider(widening)) return pass('It may do nothing that the target may not do already.', evidence)
  const words = `It may do more: ${wordsFor(widening).join('; ')}.`
  if (mode === 'block') return fail(words, evidence)
  return pass(mode === 'allow' ? words : `${words} That asks for an approval.`, {
    ...evidence,
    needs_approval: mode === 'approval',
  })
}

export const permissionWidening: Checker = ({ subject: { candidate, current, gate } }) => {
  const { bundle } = candidate
  if (current === null)
    return unsure(NOTHING_BEFORE, {
      tools: bundle.toolGrants,
      requests: hostsOf(bundle),
      mode: gate.permissions.widening,
    })
  return verdict(gate.permissions.widening, wideningOf(current.bundle, bundle))
}
