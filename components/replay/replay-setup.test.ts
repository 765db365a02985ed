import { describe, expect, test } from 'vitest'
import { askFor, RECORDED } from './replay-setup'

const HASH = 'ab'.repeat(32)

describe('what a replay asks for', () => {
  test.each([
    ['nothing said is as recorded', {}, { mode: 'strict' }],
    ['files as they are', { target: 'current' as const }, { mode: 'strict', workspace_version: 'current' }],
    ['a kept version', { target: 'kept' as const, version: ` ${HASH} ` }, { mode: 'strict', workspace_version: HASH }],
    [
      'another model',
      { mode: 'semantic' as const, model: 'demo/x', temperature: '0' },
      { mode: 'semantic', model: 'demo/x', temperature: 0 },
    ],
    ['a version left behind when one goes back', { version: HASH }, { mode: 'strict' }],
  ])('%s', (_, change, body) => {
    expect(askFor({ ...RECORDED, ...change })).toEqual({ body })
  })

  test.each([
    ['workspace_version', { target: 'kept' as const, version: 'main' }],
    ['workspace_version', { target: 'kept' as const }],
    ['temperature', { temperature: '3' }],
    ['temperature', { temperature: 'warm' }],
    ['model', { model: 'x'.repeat(201) }],
  ])('%s is named when it is wrong', (field, change) => {
    const asked = askFor({ ...RECORDED, ...change })
    expect('faults' in asked && Object.keys(asked.faults)).toEqual([field])
  })
})
