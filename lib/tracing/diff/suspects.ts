import type { Suspect, TraceDiff } from '../contract'
import type { FileChange } from './diff-side'
import { isOtherSkills } from './sections'

type Facts = Pick<TraceDiff, 'model' | 'workspace' | 'skills' | 'inputs'>

const some = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

const fileWords = ({ path, status, lines_added: added, lines_removed: removed }: FileChange): string =>
  status === 'modified' ? `${path} +${added} −${removed}` : `${path} ${status}`

const MOST_NAMED = 3

const list = (words: readonly string[]): string =>
  words.length > MOST_NAMED
    ? `${words.slice(0, MOST_NAMED).join(', ')} and ${words.length - MOST_NAMED} more`
    : words.join(', ')

const workspaceOf = ({ workspace }: Facts, files: readonly FileChange[] | null): Suspect[] => {
  if (!workspace.changed) return []
  if (files === null || files.length === 0) return [{ kind: 'workspace', sentence: 'Workspace changed' }]
  return [{ kind: 'workspace', sentence: list(files.map(fileWords)), files: [...files] }]
}

const skillWords = ({ added, removed, changed }: Facts['skills']): string =>
  list([
    ...Object.entries(changed).map(([name, { base, compare }]) => `skill ${name} ${base} → ${compare}`),
    ...Object.entries(added).map(([name, version]) => `skill ${name} ${version} added`),
    ...Object.keys(removed).map((name) => `skill ${name} removed`),
  ])

const toolWords = ({ added, removed, changed }: Facts['inputs']['tools']): string =>
  list([
    ...added.map((name) => `tool ${name} offered`),
    ...removed.map((name) => `tool ${name} no longer offered`),
    ...changed.map((name) => `tool ${name} described otherwise`),
  ])

const modelWords = ({ model }: Facts): string =>
  model.base_model === model.compare_model
    ? `provider ${model.base_provider} → ${model.compare_provider}`
    : `model ${model.base_model} → ${model.compare_model}`

const historyWords = ({ history }: Facts['inputs']): string =>
  history.base_count === history.compare_count
    ? 'other earlier messages'
    : `${some(history.compare_count, 'earlier message')} instead of ${history.base_count}`

const valueWords = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value))

const parameterWords = ({ parameters }: Facts['inputs']): string =>
  list(
    parameters.map(({ path, base, compare }) => {
      const name = path.replace('$.', '')
      return base === undefined && compare === undefined
        ? `${name} differs`
        : `${name} ${valueWords(base)} → ${valueWords(compare)}`
    }),
  )

// What else differs between the two, and so may be why. That it is why, nobody has shown.
export const suspectsOf = (facts: Facts, files: readonly FileChange[] | null): Suspect[] => {
  const { inputs } = facts
  const of = (kind: Suspect['kind'], isOther: boolean, sentence: () => string): Suspect[] =>
    isOther ? [{ kind, sentence: sentence() }] : []
  const { tools } = inputs
  return [
    ...workspaceOf(facts, files),
    ...of('skills', isOtherSkills(facts.skills), () => skillWords(facts.skills)),
    ...of('model', facts.model.changed, () => modelWords(facts)),
    ...of('parameters', inputs.parameters.length > 0, () => parameterWords(inputs)),
    ...of('tools', tools.added.length + tools.removed.length + tools.changed.length > 0, () => toolWords(tools)),
    ...of('prompt', inputs.system_prompt.changed, () => 'system prompt differs'),
    ...of('history', inputs.history.changed, () => historyWords(inputs)),
    ...of('message', inputs.message.changed, () => 'another question'),
  ]
}
