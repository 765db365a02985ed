import { diffSides } from '@/lib/tracing/diff/diff-sides'
import type { DiffNode } from '@/lib/tracing/diff/node'
import { modelNode, sideOf, toolNode } from '@/lib/tracing/diff/sample-run'
import { table } from './measure'

// Two traces of 5,000 steps each, in the shapes that cost most. Each must stay below two seconds of one core.
const STEPS = Number(process.argv[2] ?? 5_000)
const MOST_SECONDS = 2

const list = (make: (at: number) => DiffNode): DiffNode[] =>
  Array.from({ length: STEPS }, (_, at) => ({ ...make(at), spanId: `s${at}` }))

const turns = (args: (at: number) => unknown): DiffNode[] =>
  list((at) =>
    at % 2 === 0 ? modelNode(`answer ${at}`) : toolNode(`tool ${at % 14}`, args(at), { at }, { group: at }),
  )

const chance = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const shuffled = (nodes: readonly DiffNode[]): DiffNode[] => {
  const next = chance(7)
  return nodes
    .map((node) => ({ node, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ node }) => node)
}

const tree = (depth: number): DiffNode[] =>
  list((at) => ({
    ...toolNode(`step ${at % 9}`, { at }),
    kind: 'step',
    parent: at === 0 ? -1 : Math.max(0, at - (at % depth) - 1),
  }))

const words = (seed: number): string => {
  const next = chance(seed)
  return Array.from({ length: 200 }, () => `word${Math.floor(next() * 300)}`).join(' ')
}

const numbered = list((at) => toolNode(`tool ${at}`, { at }))
const few = (seed: number): DiffNode[] => {
  const next = chance(seed)
  return list(() => toolNode(`tool ${Math.floor(next() * 5)}`, { n: Math.floor(next() * 3) }))
}

const CASES: readonly [string, readonly DiffNode[], readonly DiffNode[]][] = [
  ['the same', turns((at) => ({ at })), turns((at) => ({ at }))],
  ['all other arguments', turns((at) => ({ at })), turns((at) => ({ at: -at }))],
  ['one name, equal', list(() => toolNode('a')), list(() => toolNode('a'))],
  ['one name, all other arguments', list((at) => toolNode('a', { at })), list((at) => toolNode('a', { at: -at - 1 }))],
  ['nothing in common', numbered, list((at) => toolNode(`other ${at}`, { at }))],
  ['backwards', numbered, numbered.toReversed()],
  ['shuffled', numbered, shuffled(numbered)],
  ['few names by chance', few(1), few(2)],
  ['a deep tree against a flat one', tree(50), tree(2)],
  [
    'one parallel group, shuffled',
    numbered.map((node) => ({ ...node, group: 1 })),
    shuffled(numbered).map((node) => ({ ...node, group: 1 })),
  ],
  [
    'all failed and tried again',
    list(() => toolNode('a', {}, 'no', { status: 'error' })),
    list((at) => toolNode('a', {}, 'no', { status: at % 2 ? 'ok' : 'error' })),
  ],
  [
    'long arguments, a few anchors',
    list((at) => toolNode('a', at % 200 === 0 ? { anchor: at } : { query: words(at) })),
    list((at) => toolNode('a', at % 200 === 0 ? { anchor: at } : { query: words(at + STEPS) })),
  ],
  ['every text another', list((at) => modelNode(words(at))), list((at) => modelNode(words(at + STEPS)))],
]

const measured = CASES.map(([name, base, compare]) => {
  const before = process.cpuUsage()
  const diff = diffSides(sideOf(base), sideOf(compare))
  const used = process.cpuUsage(before)
  const size = JSON.stringify(diff).length
  return { name, seconds: (used.user + used.system) / 1e6, differences: diff.summary.total_differences, size }
})

console.log(
  table(
    [`two traces of ${STEPS} steps`, 'CPU ms', 'differences', 'reply kB'],
    measured.map(({ name, seconds, differences, size }) => [
      name,
      Math.round(seconds * 1_000),
      differences,
      Math.round(size / 1_000),
    ]),
  ),
)
const slow = measured.filter(({ seconds }) => seconds > MOST_SECONDS)
if (slow.length > 0) {
  console.error(`More than ${MOST_SECONDS} s: ${slow.map(({ name }) => name).join(', ')}`)
  process.exitCode = 1
}
