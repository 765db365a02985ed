import type { Alignment, Change, TraceDiff } from '../contract'

// Columns that lists show to everybody.
const PUBLIC = new Set(['$.status', '$.model', '$.provider', '$.name', '$.finish_reason'])

const STEP = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\["(?:[^"\\]|\\.)*"\]/g

// Models choose the keys of what they send; those that a tool asks for are no secret. Of results nothing is told.
export const barePath = (path: string, known: ReadonlySet<string>): string => {
  if (PUBLIC.has(path) || path === '$.text') return path
  if (!path.startsWith('$.arguments')) return /^\$\.[a-z_]+/.exec(path)?.[0] ?? '$'
  const rest = path.slice('$.arguments'.length).replace(STEP, (step, name: string | undefined) => {
    if (step.startsWith('[') && !step.startsWith('["')) return step
    return name !== undefined && known.has(name) ? step : '.*'
  })
  return `$.arguments${rest}`
}

const bareChange = (change: Change, known: ReadonlySet<string>): Change => {
  const path = barePath(change.path, known)
  return PUBLIC.has(path) ? change : { path, op: change.op }
}

const once = (changes: readonly Change[]): Change[] => [
  ...new Map(changes.map((change) => [`${change.op} ${change.path}`, change])).values(),
]

export const bareItem = ({ text_diff: _, ...item }: Alignment, known: ReadonlySet<string>): Alignment => ({
  ...item,
  changes: once(item.changes.map((change) => bareChange(change, known))),
})

const bareText = ({ text_diff: _, ...pair }: TraceDiff['inputs']['message']) => pair

// Numbers say how a model was asked; words may say what.
const bareParameter = ({ path, op, base, compare }: Change): Change => ({
  path,
  op,
  ...(typeof base === 'number' || typeof base === 'boolean' ? { base } : {}),
  ...(typeof compare === 'number' || typeof compare === 'boolean' ? { compare } : {}),
})

export const bareInputs = (inputs: TraceDiff['inputs']): TraceDiff['inputs'] => ({
  ...inputs,
  system_prompt: bareText(inputs.system_prompt),
  message: bareText(inputs.message),
  parameters: inputs.parameters.map(bareParameter),
})

export const bareOutput = ({ text_diff: _, ...output }: TraceDiff['output']): TraceDiff['output'] => output
