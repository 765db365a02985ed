import type { EvalCase } from '@/lib/evals/contract'

type Json = Record<string, unknown>

/** A case as it is typed in: what most cases have in fields of their own, the rest as JSON. */
export type CaseDraft = { id: string; name: string; input: string; expected: string; tags: string; more: string }

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const OWN = ['id', 'name', 'input', 'expected_output', 'tags', 'trace_id', 'since_version']

const textOf = (said: unknown): string =>
  said === undefined ? '' : typeof said === 'string' ? said : JSON.stringify(said, null, 2)

export const draftOf = (one: (EvalCase & { id: string }) | null): CaseDraft => {
  if (one === null) return { id: '', name: '', input: '', expected: '', tags: '', more: '' }
  const rest = Object.fromEntries(
    Object.entries(one).filter(([key, value]) => !OWN.includes(key) && value !== undefined),
  )
  return {
    id: one.id,
    name: one.name ?? '',
    input: textOf(one.input),
    expected: textOf(one.expected_output),
    tags: (one.tags ?? []).join(', '),
    more: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, null, 2),
  }
}

// An answer may begin like JSON and be a sentence: only what is an object in whole is one.
const saidOf = (text: string): string | Json => {
  if (!text.trimStart().startsWith('{')) return text
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : text
  } catch {
    return text
  }
}

const moreOf = (text: string): Json | null => {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : null
  } catch {
    return null
  }
}

export type Made = { made: Json; faults: Record<string, string> }

export const caseOf = (draft: CaseDraft): Made => {
  const faults: Record<string, string> = {}
  const more = moreOf(draft.more)
  if (more === null) faults['more'] = 'Must be a JSON object'
  if (draft.input.trim() === '') faults['input'] = 'A case needs something that is asked'
  const tags = draft.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  return {
    faults,
    made: {
      ...(more ?? {}),
      ...(draft.id.trim() === '' ? {} : { id: draft.id.trim() }),
      ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
      input: saidOf(draft.input),
      ...(draft.expected.trim() === '' ? {} : { expected_output: saidOf(draft.expected) }),
      ...(tags.length > 0 ? { tags } : {}),
    },
  }
}
