import { baseOf, type Facts, valuesAt } from './facts'
import { lexicalPath, type PathForm, realPath } from './paths'
import type { PolicyRule } from './rule'

const MOST_PATHS = 200
const DEEPEST = 16

const textsIn = (values: readonly unknown[]): string[] =>
  values.flat(DEEPEST).filter((value): value is string => typeof value === 'string')

const rootsIn = (expected: unknown, { root, tenantId, question }: Facts): string[] =>
  textsIn([expected]).map((text) =>
    text
      .replaceAll(/\{\{\s*workspace\.root\s*\}\}/g, root ?? '{{workspace.root}}')
      .replaceAll(/\{\{\s*tenant\.id\s*\}\}/g, tenantId)
      .replaceAll(/\{\{\s*workspace\.id\s*\}\}/g, question.workspaceId),
  )

/** The facts, with every path that a rule asks about followed through the links of this host. */
export const withRealPaths = async (rules: readonly PolicyRule[], facts: Facts): Promise<Facts> => {
  const asked = rules.flatMap(({ tests }) =>
    tests.filter(({ operator }) => operator === 'all_under' || operator === 'any_under'),
  )
  if (asked.length === 0) return facts
  const fields = [...new Set(asked.map(({ field }) => field))]
  const raws = new Set([
    ...asked.flatMap(({ expected }) => rootsIn(expected, facts)),
    ...fields.flatMap((field) => textsIn(valuesAt(facts, field).values)),
  ])
  const base = baseOf(facts.question, facts.root)
  const known = new Map<string, PathForm>()
  for (const raw of [...raws].slice(0, MOST_PATHS)) {
    const lexical = lexicalPath(raw, base)
    known.set(raw, { lexical, real: lexical === null ? null : await realPath(lexical) })
  }
  return { ...facts, pathOf: (raw) => known.get(raw) ?? { lexical: lexicalPath(raw, base), real: null } }
}
