import { describe, expect, it } from 'vitest'
import { TraceDiff } from '../contract'
import { diffSides } from './diff-sides'
import type { DiffNode } from './node'
import { modelNode, runOf, sideOf, toolNode } from './sample-run'

const compareRuns = (base: readonly DiffNode[], compare: readonly DiffNode[]) =>
  TraceDiff.parse(diffSides(sideOf(base), sideOf(compare)))

// op, place on either side, label.
const pathOf = (diff: TraceDiff) =>
  diff.alignment
    .filter(({ op }) => op !== 'equal')
    .map(({ op, base_index, compare_index, label }) => [op, base_index, compare_index, label])

const lookup = (order: number, over = {}) => toolNode('lookup', { order_id: order }, { state: 'sent' }, over)
const refund = (order: number) => toolNode('refund', { order_id: order, cents: 500 }, { ok: true })
const mail = (to: string) => toolNode('mail', { to }, 'sent')
const failed = { status: 'error' as const, keys: { arguments: '{"order_id":1}', result: '"timeout"', text: null } }

describe('golden pairs', () => {
  it('the same run: nothing differs', () => {
    const run = runOf([[lookup(1)], [refund(1), mail('a')]])
    const diff = compareRuns(run, run)
    expect(diff.alignment.every(({ op, base_index: i, compare_index: j }) => op === 'equal' && i === j)).toBe(true)
    expect(diff.first_divergence).toBeNull()
    expect(diff.summary).toEqual({ total_differences: 0, significant_changes: [], changed_areas: [] })
    expect(diff.verdict).toBe('Same path for all 6 steps.')
  })

  it('inserted: one turn more moves nothing else', () => {
    const base = runOf([[lookup(1)], [refund(1)]])
    const diff = compareRuns(base, runOf([[lookup(1)], [mail('a')], [refund(1)]]))
    expect(pathOf(diff)).toEqual([
      ['inserted', null, 2, 'gpt'],
      ['inserted', null, 3, 'mail'],
    ])
    expect(diff.first_divergence).toMatchObject({ class: 'structural', base_index: null, compare_index: 2, step: 3 })
    expect(diff.verdict).toContain('Same path for 2 steps; at step 3')
    expect(diff.tool_calls).toMatchObject({ added: [{ name: 'mail' }], removed: [], changed: [], unchanged: 2 })
    expect(diff.summary.changed_areas).toContain('tool_calls')
  })

  it('missing: one call of three', () => {
    const base = runOf([[lookup(1), lookup(2), lookup(3)]])
    const diff = compareRuns(base, runOf([[lookup(1), lookup(3)]]))
    expect(pathOf(diff)).toEqual([['deleted', 2, null, 'lookup']])
    expect(diff.first_divergence?.sentence).toBe('`lookup` is missing')
    expect(diff.tool_calls).toMatchObject({ removed: [{ name: 'lookup', id: 'call-2' }], unchanged: 2 })
  })

  it('changed arguments: the path that differs, and no other call', () => {
    const base = runOf([[lookup(1)], [refund(1)], [mail('a')]])
    const diff = compareRuns(base, runOf([[lookup(1)], [refund(2)], [mail('a')]]))
    expect(pathOf(diff)).toEqual([['changed', 3, 3, 'refund']])
    expect(diff.alignment[3]).toMatchObject({
      class: 'decision',
      changes: [{ path: '$.arguments.order_id', op: 'changed', base: 1, compare: 2 }],
    })
    expect(diff.verdict).toBe(
      'Same path for 3 steps; at step 4 the model called `refund` with other arguments (`$.order_id`). No suspect: both were given the same.',
    )
    expect(diff.tool_calls.changed).toEqual([
      {
        name: 'refund',
        base_id: 'call-3',
        compare_id: 'call-3',
        differences: { arguments_changed: true, result_changed: false, success_changed: false, duration_delta: 0 },
      },
    ])
  })

  it('another tool in the same place is a decision', () => {
    const diff = compareRuns(runOf([[mail('a')], [lookup(1)]]), runOf([[mail('a')], [refund(1)]]))
    expect(diff.first_divergence).toMatchObject({ class: 'decision', base_index: 3, compare_index: 3 })
    expect(diff.verdict).toContain('at step 4 the model chose `refund` instead of `lookup`.')
    expect(diff.tool_calls).toMatchObject({ removed: [{ name: 'lookup' }], added: [{ name: 'refund' }] })
  })

  it('parallel calls in another order are the same', () => {
    const base = runOf([[lookup(1), refund(2), mail('a')]])
    const diff = compareRuns(base, runOf([[mail('a'), lookup(1), refund(2)]]))
    expect(pathOf(diff)).toEqual([])
    expect(diff.alignment.map(({ base_index: i, compare_index: j }) => [i, j])).toEqual([
      ...[
        [0, 0],
        [1, 2],
        [2, 3],
        [3, 1],
        [4, 4],
      ],
    ])
    expect(diff.summary.total_differences).toBe(0)
  })

  it('parallel calls as a set: only the one with other arguments differs', () => {
    const diff = compareRuns(runOf([[lookup(1), lookup(2)]]), runOf([[lookup(2), lookup(3)]]))
    expect(pathOf(diff)).toEqual([['changed', 1, 2, 'lookup']])
    expect(diff.alignment[1]?.changes).toEqual([{ path: '$.arguments.order_id', op: 'changed', base: 1, compare: 3 }])
  })

  it('reorder: a turn that came later was moved', () => {
    const base = runOf([[lookup(1)], [refund(1)], [mail('a')], [mail('b')]])
    const diff = compareRuns(base, runOf([[refund(1)], [mail('a')], [lookup(1)], [mail('b')]]))
    expect(pathOf(diff)).toEqual([
      ['moved', 0, 4, 'gpt'],
      ['moved', 1, 5, 'lookup'],
    ])
    expect(diff.first_divergence).toMatchObject({ class: 'structural', base_index: 0, compare_index: null, step: 1 })
    expect(diff.tool_calls).toMatchObject({ removed: [], added: [], unchanged: 4 })
    expect(diff.summary.changed_areas).toContain('tool_calls')
  })

  it('retry: a call made again after it failed is folded', () => {
    const base = runOf([[lookup(1)], [refund(1)]])
    const diff = compareRuns(base, runOf([[lookup(1, failed)], [lookup(1)], [refund(1)]]))
    expect(pathOf(diff)).toEqual([
      ['retry', null, 1, 'lookup'],
      ['retry', null, 2, 'gpt'],
    ])
    expect(diff.first_divergence).toBeNull()
    expect(diff.verdict).toContain('It took 2 steps more of trying again.')
  })

  it('retry: a model that was asked again', () => {
    const broken = modelNode(null, { status: 'error' })
    const diff = compareRuns(
      [modelNode('hi')],
      [broken, { ...broken, isRetry: true }, modelNode('hi', { isRetry: true })],
    )
    expect(pathOf(diff).map(([op]) => op)).toEqual(['retry', 'retry'])
    expect(diff.first_divergence).toBeNull()
  })

  it('retries on both sides stand against one another', () => {
    const twice = runOf([[lookup(1, failed)], [lookup(1)]])
    expect(pathOf(compareRuns(twice, twice))).toEqual([])
    const thrice = runOf([[lookup(1, failed)], [lookup(1, failed)], [lookup(1)]])
    expect(pathOf(compareRuns(twice, thrice)).map(([op]) => op)).toEqual(['retry', 'retry'])
  })

  it('error against success is structural', () => {
    const diff = compareRuns(runOf([[lookup(1)]]), runOf([[lookup(1, failed)]]))
    expect(diff.first_divergence).toMatchObject({ class: 'structural', base_index: 1 })
    expect(diff.verdict).toContain('at step 2 `lookup` failed, where it succeeded before')
  })

  it('wording only: the words that differ', () => {
    const base = runOf([[lookup(1)]], 'Your parcel is in Rotterdam.')
    const diff = compareRuns(base, runOf([[lookup(1)]], 'Your parcel is in Hamburg.'))
    expect(diff.alignment[2]).toMatchObject({ op: 'changed', class: 'wording' })
    expect(diff.alignment[2]?.text_diff).toEqual([
      { op: 'equal', text: 'Your parcel is in ' },
      { op: 'delete', text: 'Rotterdam' },
      { op: 'insert', text: 'Hamburg' },
      { op: 'equal', text: '.' },
    ])
    expect(diff.verdict).toContain('Same path for all 3 steps; only wording differs, first at step 3')
  })

  it('another model: the path is the same, and the model is a suspect', () => {
    const base = runOf([[lookup(1)]])
    const other = base.map((node) =>
      node.kind === 'inference'
        ? { ...node, name: 'opus', label: 'opus', facts: { model: 'opus', provider: 'x' } }
        : node,
    )
    const diff = diffSides(sideOf(base), sideOf(other, { model: 'opus', provider: 'x' }))
    expect(diff.first_by_class).toMatchObject({ structural: null, decision: null })
    expect(diff.suspects).toEqual([{ kind: 'model', sentence: 'model gpt → opus' }])
    expect(diff.summary.significant_changes).toEqual(['Model changed'])
    expect(diff.verdict).toContain('Suspects: model gpt → opus.')
  })

  it('another prompt and workspace: files as suspects', () => {
    const side = sideOf(runOf([[lookup(1)]]))
    const given = side.given ? { ...side.given, systemPrompt: 'Be strict.' } : null
    const other = sideOf(runOf([[refund(1)]]), { workspaceHash: 'h2', given })
    const files = [{ path: 'SOUL.md', status: 'modified' as const, lines_added: 4, lines_removed: 1 }]
    const diff = diffSides(side, other, { files })
    expect(diff.suspects.map(({ kind }) => kind)).toEqual(['workspace', 'prompt'])
    expect(diff.verdict).toBe(
      'Same path for 1 step; at step 2 the model chose `refund` instead of `lookup`. Suspects: SOUL.md +4 −1; system prompt differs.',
    )
    expect(diff.inputs.system_prompt.text_diff).toContainEqual({ op: 'insert', text: 'strict' })
  })

  it('a wrapper around everything is one step more', () => {
    const nodes = runOf([[lookup(1)], [refund(1)]])
    const wrapped = [
      { ...modelNode(), kind: 'workflow', name: 'flow', label: 'flow' },
      ...nodes.map((node) => ({ ...node, parent: 0 })),
    ]
    expect(pathOf(compareRuns(nodes, wrapped))).toEqual([['inserted', null, 0, 'flow']])
  })

  it('an agent under another name is still the one that holds the run', () => {
    const held = (name: string) => [
      { ...modelNode(), kind: 'agent', name, label: name },
      ...runOf([[lookup(1)]]).map((node) => ({ ...node, parent: 0 })),
    ]
    const diff = compareRuns(held('helper'), held('helper v2'))
    expect(pathOf(diff)).toEqual([['changed', 0, 0, 'helper']])
    expect(diff.first_divergence?.sentence).toBe('`helper v2` stands in place of `helper`')
  })

  it('another failure at the end is structural', () => {
    const ended = (code: string) => [
      ...runOf([[lookup(1)]], null),
      { ...modelNode(code), kind: 'error', name: code, label: code, status: 'error' as const },
    ]
    expect(compareRuns(ended('timeout'), ended('provider_error')).first_divergence).toMatchObject({
      class: 'structural',
      sentence: 'it ended in `provider_error` instead of `timeout`',
    })
  })

  it('nothing against something, and nothing against nothing', () => {
    expect(compareRuns([], []).verdict).toBe('No steps to compare.')
    expect(pathOf(compareRuns([], runOf([[lookup(1)]]))).map(([op]) => op)).toEqual([
      'inserted',
      'inserted',
      'inserted',
    ])
  })
})

describe('the sections', () => {
  const run = runOf([[lookup(1)]])

  it('measure time, tokens and money, and call much what is more than a fifth', () => {
    const at = (costMicroUsd: number) => diffSides(sideOf(run, { costMicroUsd: 1_000 }), sideOf(run, { costMicroUsd }))
    expect(at(1_200).summary.significant_changes).toEqual([])
    expect(at(1_201).summary.significant_changes).toEqual(['Cost changed significantly'])
    expect(at(799).cost).toEqual({
      ...{ base_cost: 0.001, compare_cost: 0.000799, delta: -0.000201, delta_micro_usd: -201, percent_change: -20.1 },
    })
    const free = diffSides(sideOf(run, { costMicroUsd: 0 }), sideOf(run, { costMicroUsd: 1 }))
    expect(free.cost.percent_change).toBeNull()
    expect(free.summary.changed_areas).toEqual(['cost'])
  })

  it('have no time of what still runs', () => {
    const diff = diffSides(sideOf(run), sideOf(run, { durationMs: null, isPartial: true }))
    expect(diff.timing).toMatchObject({ compare_duration_ms: null, delta_ms: null, percent_change: null })
    expect(diff.is_partial).toBe(true)
  })

  it('tell versions of skills apart', () => {
    const diff = diffSides(
      sideOf(run, { skillVersions: { a: '1', b: '1', c: '1' } }),
      sideOf(run, { skillVersions: { b: '2', c: '1', my_skill: '3' } }),
    )
    expect(diff.skills).toEqual({
      ...{
        added: { my_skill: '3' },
        removed: { a: '1' },
        changed: { b: { base: '1', compare: '2' } },
        unchanged: { c: '1' },
      },
    })
    expect(diff.summary.significant_changes).toEqual(['Skill versions changed'])
  })

  it('do not call different what is no longer known', () => {
    const diff = diffSides(sideOf(run), sideOf(run, { given: null }))
    expect(diff.inputs).toMatchObject({ is_known: false, system_prompt: { changed: false } })
    expect(diff.suspects).toEqual([])
  })
})
