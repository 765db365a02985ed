import { checkSchema } from '@/lib/core/json-schema'
import { patternBudget, patternFault } from '@/lib/core/schema-patterns'
import type { Scorer } from '../contract'
import { nameOf } from './score-case'

const faultOf = (scorer: Scorer, budget: ReturnType<typeof patternBudget>): string | null => {
  if (scorer.type === 'regex') {
    const fault = patternFault(scorer.ignore_case ? `(?i)${scorer.pattern}` : scorer.pattern, budget)
    return fault === null ? null : `the pattern ${fault}`
  }
  if (scorer.type !== 'json_schema') return null
  const [fault] = checkSchema(scorer.schema)
  return fault ? `the schema ${fault.path === '' ? '' : `at ${fault.path} `}${fault.message}` : null
}

const RESERVED: ReadonlySet<string> = new Set(['exact_match', 'semantic_similarity', 'tool_call_match', 'overall'])

/** What is wrong with these scorers, each in a sentence. */
export const scorerFaults = (scorers: readonly Scorer[]): string[] => {
  const budget = patternBudget()
  const seen = new Set<string>()
  return scorers.flatMap((scorer) => {
    const name = nameOf(scorer)
    const faults: string[] = []
    if (RESERVED.has(name)) faults.push(`${name}: the name is taken`)
    else if (seen.has(name)) faults.push(`${name}: two scorers have this name`)
    seen.add(name)
    const fault = faultOf(scorer, budget)
    return fault === null ? faults : [...faults, `${name}: ${fault}`]
  })
}
