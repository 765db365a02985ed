import { parse } from 'yaml'
import { ROLES } from '@/lib/shared/rbac'
import { type EvalGate, GATES_FILE, type Gate, GatesFile, type GateWish } from './contract/gates'

const MOST_ALIASES = 20

// What holds where no file says anything: nothing that a first promotion could not show.
export const DEFAULT_GATE: Gate = {
  approvals: { required: 0, from: null, role: 'release_manager' },
  soak_minutes: 0,
  evidence_hours: 168,
  skills: { tests: 'block', deprecated: 'block' },
  permissions: { widening: 'approval' },
  prompt: { max_characters: null, max_growth_percent: null, truncation: 'block' },
  evals: [],
  impact: {
    replays: 5,
    required: false,
    max_risk: 'high',
    max_changed_percent: null,
    max_new_failures: 0,
    max_cost_increase_percent: null,
    max_cost_usd: 0.25,
    max_minutes: 2,
  },
  cost: { budget: 'block' },
  risk: { max_level: 'critical', max_increase: 25 },
}

// What an evaluation has to show, and may cost, where its gate does not say.
export const EVAL_USUAL = { max_regressions: 0, max_cost_usd: 1 } as const

export type ReadGates = { file: GatesFile | null; faults: readonly string[] }

const MISNAMED = /^gates[.]ya?ml$/i

type Files = { texts: ReadonlyMap<string, string>; paths: readonly string[] }

const unreadable = ({ texts, paths }: Files): string[] =>
  paths
    .filter((path) => MISNAMED.test(path) && (path !== GATES_FILE || !texts.has(path)))
    .map((path) =>
      path === GATES_FILE ? `${path} cannot be read as text` : `${path} is not read: the name is ${GATES_FILE}`,
    )

const parsed = (text: string): ReadGates => {
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: MOST_ALIASES, logLevel: 'error' })
  } catch {
    return { file: null, faults: [`${GATES_FILE} is not valid YAML`] }
  }
  const read = GatesFile.safeParse(value ?? {})
  if (read.success) return { file: read.data, faults: [] }
  const faults = read.error.issues.map(({ path, message }) => `${GATES_FILE} ${path.join('.')}: ${message}`)
  return { file: null, faults: faults.slice(0, 20) }
}

/** The gates that stand in the files of a version. A file that cannot be read is a fault, never no gate. */
export const gatesIn = (files: Files): ReadGates => {
  const text = files.texts.get(GATES_FILE)
  const own = text === undefined ? { file: null, faults: [] } : parsed(text)
  return { file: own.file, faults: [...unreadable(files), ...own.faults] }
}

const given = (value: object | undefined): object =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, item]) => item !== undefined))

const set = <T extends object>(base: T, wish: object | undefined): T => ({ ...base, ...given(wish) })

const over = (base: Gate, wish: GateWish | undefined): Gate => {
  if (wish === undefined) return base
  return {
    approvals: set(base.approvals, wish.approvals),
    soak_minutes: wish.soak_minutes ?? base.soak_minutes,
    evidence_hours: wish.evidence_hours ?? base.evidence_hours,
    skills: set(base.skills, wish.skills),
    permissions: set(base.permissions, wish.permissions),
    prompt: set(base.prompt, wish.prompt),
    evals: wish.evals ?? base.evals,
    impact: set(base.impact, wish.impact),
    cost: set(base.cost, wish.cost),
    risk: set(base.risk, wish.risk),
  }
}

/** What one file asks of whatever enters this environment. */
export const gateFor = ({ file }: ReadGates, environment: string): Gate => {
  const own = file?.environments
  const named = own && Object.hasOwn(own, environment) ? own[environment] : undefined
  return over(over(DEFAULT_GATE, file?.defaults), named)
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))

const first = <T extends string>(order: readonly T[], a: T, b: T): T => (order.indexOf(a) <= order.indexOf(b) ? a : b)

const BLOCK_FIRST = ['block', 'report'] as const
const WIDENING_ORDER = ['block', 'approval', 'allow'] as const
const LOW_FIRST = ['low', 'medium', 'high', 'critical'] as const

const fromBoth = (a: readonly string[] | null, b: readonly string[] | null): string[] | null => {
  if (a === null || b === null) return a === null ? (b === null ? null : [...b]) : [...a]
  return a.filter((id) => b.includes(id))
}

const bound = (a: number | undefined, b: number | undefined, pick: (...all: number[]) => number) =>
  a === undefined ? b : b === undefined ? a : pick(a, b)

// What is left out counts as what it stands for: silence binds as well.
const orUsual = (a: number | undefined, b: number | undefined, usual: number): number | undefined =>
  a === undefined && b === undefined ? undefined : Math.min(a ?? usual, b ?? usual)

const stricterEval = (a: EvalGate, b: EvalGate): EvalGate =>
  given({
    ...a,
    min_pass_rate: bound(a.min_pass_rate, b.min_pass_rate, Math.max),
    max_regressions: orUsual(a.max_regressions, b.max_regressions, EVAL_USUAL.max_regressions),
    max_drift: bound(a.max_drift, b.max_drift, Math.min),
    repeats: bound(a.repeats, b.repeats, Math.max),
    max_cost_usd: orUsual(a.max_cost_usd, b.max_cost_usd, EVAL_USUAL.max_cost_usd),
  }) as EvalGate

const keyOf = ({ dataset, version, model }: EvalGate): string => JSON.stringify([dataset, version, model])

const evalsOfBoth = (a: readonly EvalGate[], b: readonly EvalGate[]): EvalGate[] => {
  const all = new Map<string, EvalGate>()
  for (const gate of [...a, ...b]) {
    const known = all.get(keyOf(gate))
    all.set(keyOf(gate), known ? stricterEval(known, gate) : gate)
  }
  return [...all.values()]
}

/** What both ask, each of it in its stricter form. Money and time that may be spent are bounds too. */
export const stricter = (a: Gate, b: Gate): Gate => ({
  approvals: {
    required: Math.max(a.approvals.required, b.approvals.required),
    from: fromBoth(a.approvals.from, b.approvals.from),
    role: first([...ROLES].reverse(), a.approvals.role, b.approvals.role),
  },
  soak_minutes: Math.max(a.soak_minutes, b.soak_minutes),
  evidence_hours: Math.min(a.evidence_hours, b.evidence_hours),
  skills: {
    tests: first(BLOCK_FIRST, a.skills.tests, b.skills.tests),
    deprecated: first(BLOCK_FIRST, a.skills.deprecated, b.skills.deprecated),
  },
  permissions: { widening: first(WIDENING_ORDER, a.permissions.widening, b.permissions.widening) },
  prompt: {
    max_characters: least(a.prompt.max_characters, b.prompt.max_characters),
    max_growth_percent: least(a.prompt.max_growth_percent, b.prompt.max_growth_percent),
    truncation: first(BLOCK_FIRST, a.prompt.truncation, b.prompt.truncation),
  },
  evals: evalsOfBoth(a.evals, b.evals),
  impact: stricterImpact(a.impact, b.impact),
  cost: { budget: first(BLOCK_FIRST, a.cost.budget, b.cost.budget) },
  risk: {
    max_level: first(LOW_FIRST, a.risk.max_level, b.risk.max_level),
    max_increase: least(a.risk.max_increase, b.risk.max_increase),
  },
})

const stricterImpact = (a: Gate['impact'], b: Gate['impact']): Gate['impact'] => ({
  replays: Math.max(a.replays, b.replays),
  required: a.required || b.required,
  max_risk: first(['low', 'medium', 'high'] as const, a.max_risk, b.max_risk),
  max_changed_percent: least(a.max_changed_percent, b.max_changed_percent),
  max_new_failures: least(a.max_new_failures, b.max_new_failures),
  max_cost_increase_percent: least(a.max_cost_increase_percent, b.max_cost_increase_percent),
  max_cost_usd: Math.min(a.max_cost_usd, b.max_cost_usd),
  max_minutes: Math.min(a.max_minutes, b.max_minutes),
})

/**
 * What binds a candidate: both gates in their stricter form. What the replays may cost and take is what the target says,
 * so that no candidate starves its own evidence or pays for it with the money of others.
 */
export const bindingGate = (candidate: Gate, target: Gate): Gate => {
  const both = stricter(candidate, target)
  const { max_cost_usd, max_minutes } = target.impact
  return { ...both, impact: { ...both.impact, max_cost_usd, max_minutes } }
}

const PARTS = Object.keys(DEFAULT_GATE) as (keyof Gate)[]

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The parts in which the candidate's own gate asks less than the one that binds: what comes next would pass easier. */
export const loosenedBy = (candidate: Gate, binding: Gate): string[] =>
  PARTS.flatMap((part) => {
    const [own, bind] = [candidate[part], binding[part]]
    if (same(own, bind)) return []
    if (typeof own !== 'object' || Array.isArray(own)) return [part]
    return Object.entries(bind)
      .filter(([name, value]) => !same(value, Object.entries(own).find(([key]) => key === name)?.[1]))
      .map(([name]) => `${part}.${name}`)
  })
