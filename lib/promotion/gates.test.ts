import { expect, it } from 'vitest'
import type { Gate } from './contract/gates'
import { bindingGate, DEFAULT_GATE, gateFor, gatesIn, loosenedBy, stricter } from './gates'

const read = (text: string, path = 'gates.yaml') => gatesIn({ texts: new Map([[path, text]]), paths: [path] })

const PROD = `
version: 1
defaults:
  soak_minutes: 5
environments:
  prod:
    approvals: { required: 2, from: [ada, ben, cleo] }
    evals:
      - { dataset: support, min_pass_rate: 0.9, max_regressions: 0 }
    impact: { replays: 10, max_changed_percent: 20 }
`

it('without a file the defaults hold, and what a file leaves out keeps them', () => {
  expect(gateFor(gatesIn({ texts: new Map(), paths: ['SOUL.md'] }), 'prod')).toEqual(DEFAULT_GATE)
  const found = read(PROD)
  expect(found.faults).toEqual([])
  expect(gateFor(found, 'staging')).toEqual({ ...DEFAULT_GATE, soak_minutes: 5 })
  expect(gateFor(found, 'prod')).toMatchObject({
    approvals: { required: 2, from: ['ada', 'ben', 'cleo'], role: 'release_manager' },
    soak_minutes: 5,
    impact: { ...DEFAULT_GATE.impact, replays: 10, max_changed_percent: 20 },
  })
  expect(read('').faults).toEqual([])
})

it.each([
  ['no map', '- approvals'],
  ['no YAML', 'a: [1'],
  ['a key twice', 'defaults: {}\ndefaults: {}'],
  ['a slip of the pen', 'defaults: { aprovals: { required: 1 } }'],
  ['a slip deeper down', 'environments: { prod: { approvals: { requierd: 1 } } }'],
  ['a number as text', 'defaults: { soak_minutes: soon }'],
  ['a negative number', 'defaults: { approvals: { required: -1 } }'],
  ['a form of the future', 'version: 2'],
  ['a name that is none', 'environments: { "../prod": {} }'],
  ['a prototype', 'environments: { prod: { __proto__: { soak_minutes: 0 }, evals: 1 } }'],
])('a file that holds %s is a fault', (_, text) => {
  const found = read(text)
  expect(found.faults.length).toBeGreaterThan(0)
  expect(found.file).toBeNull()
})

it('a file that is not text, and one of another name, are faults too', () => {
  expect(gatesIn({ texts: new Map(), paths: ['gates.yaml'] }).faults).toEqual(['gates.yaml cannot be read as text'])
  expect(read('defaults: {}', 'gates.yml').faults[0]).toContain('gates.yml is not read')
  expect(read('defaults: {}', 'Gates.yaml').faults[0]).toContain('is not read')
})

const gate = (over: Partial<Gate>): Gate => ({ ...DEFAULT_GATE, ...over })

it('of two gates each part binds in its stricter form, whichever stands first', () => {
  const a = gate({
    approvals: { required: 2, from: ['ada', 'ben'], role: 'release_manager' },
    evals: [
      { dataset: 'support', min_pass_rate: 0.8, max_cost_usd: 3 },
      { dataset: 'tone', max_regressions: 0 },
    ],
    impact: { ...DEFAULT_GATE.impact, replays: 3, max_changed_percent: 50, max_cost_usd: 1 },
    permissions: { widening: 'allow' },
  })
  const b = gate({
    approvals: { required: 1, from: ['ben', 'cleo'], role: 'admin' },
    evals: [{ dataset: 'support', min_pass_rate: 0.9, max_cost_usd: 5 }],
    impact: { ...DEFAULT_GATE.impact, replays: 8, max_changed_percent: null, max_cost_usd: 0.5 },
    permissions: { widening: 'block' },
    risk: { max_level: 'medium', max_increase: null },
  })
  const both = stricter(a, b)
  expect(both).toMatchObject({
    approvals: { required: 2, from: ['ben'], role: 'admin' },
    impact: { replays: 8, max_changed_percent: 50, max_cost_usd: 0.5 },
    permissions: { widening: 'block' },
    risk: { max_level: 'medium', max_increase: 25 },
  })
  expect(both.evals).toEqual([
    { dataset: 'support', min_pass_rate: 0.9, max_cost_usd: 3 },
    { dataset: 'tone', max_regressions: 0 },
  ])
  expect(stricter(b, a)).toEqual({ ...both, evals: expect.arrayContaining(both.evals) })
  expect(stricter(DEFAULT_GATE, DEFAULT_GATE)).toEqual(DEFAULT_GATE)
})

it('says in what the candidate asks less than what binds it', () => {
  const strict = gate({ approvals: { required: 2, from: null, role: 'admin' }, soak_minutes: 60 })
  const loose = gate({ soak_minutes: 5, prompt: { ...DEFAULT_GATE.prompt, max_characters: 100 } })
  expect(loosenedBy(loose, stricter(loose, strict))).toEqual(['approvals.required', 'approvals.role', 'soak_minutes'])
  expect(loosenedBy(strict, stricter(strict, loose))).toEqual(['prompt.max_characters'])
  expect(loosenedBy(strict, strict)).toEqual([])
})

it('what a gate leaves to its default binds as if it were written down', () => {
  const silent = gate({ evals: [{ dataset: 'support', min_pass_rate: 0.9 }] })
  const loose = gate({ evals: [{ dataset: 'support', max_regressions: 1_000, max_cost_usd: 500 }] })
  const both = [{ dataset: 'support', min_pass_rate: 0.9, max_regressions: 0, max_cost_usd: 1 }]
  expect(stricter(loose, silent).evals).toEqual(both)
  expect(stricter(silent, loose).evals).toEqual(both)
})

it('a candidate neither pays for its own evidence nor starves it', () => {
  const theirs = gate({ impact: { ...DEFAULT_GATE.impact, replays: 20, max_cost_usd: 3, max_minutes: 30 } })
  const starved = gate({ impact: { ...DEFAULT_GATE.impact, replays: 0, max_cost_usd: 0, max_minutes: 0.1 } })
  expect(bindingGate(starved, theirs).impact).toMatchObject({ replays: 20, max_cost_usd: 3, max_minutes: 30 })
  const lavish = gate({ impact: { ...DEFAULT_GATE.impact, max_cost_usd: 9_999, max_minutes: 120 } })
  expect(bindingGate(lavish, theirs).impact).toMatchObject({ replays: 20, max_cost_usd: 3, max_minutes: 30 })
  expect(bindingGate({ ...starved, soak_minutes: 5 }, theirs).soak_minutes).toBe(5)
})
