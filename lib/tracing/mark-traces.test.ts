import { describe, expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { annotateTrace as annotation, labelTrace as contract, OpsTraceQuery } from './contract'
import {
  annotateTrace,
  getTraceDetail,
  labelTrace,
  listAnnotations,
  listTracesForOps,
  tracesByEntity,
  tracesByLabel,
} from './index'
import { mergeLabels } from './label-trace'

const UNKNOWN = '0193f0a0-0000-7000-8000-00000000dead'

describeEachDialect('labels', (dialect) => {
  useKernel(dialect)

  it('are merged, changed and removed, and every change is in the audit log', async () => {
    const [a, b] = await twoTenants()
    const id = await putTrace(a.id)
    await putTrace(b.id, { labels: { 'a.b': 'foreign' } })
    expect(await labelTrace(a.scope, id.toUpperCase(), { 'a.b': '1', 'ключ "\' 🔑': 'x' })).toEqual({
      ...{ status: 'ok', trace_id: id, labels: { 'a.b': '1', 'ключ "\' 🔑': 'x' } },
    })
    expect(await a.lastAudit()).toMatchObject({ eventType: 'trace_labeled', entityId: id })
    expect((await labelTrace(a.scope, id, { 'a.b': '2', c: '', 'ключ "\' 🔑': null })).labels).toEqual({
      'a.b': '2',
      c: '',
    })
    expect((await labelTrace(a.scope, id, { absent: null })).labels).toEqual({ 'a.b': '2', c: '' })
    expect((await labelTrace(a.scope, id, { d: '4' }, 'replace')).labels).toEqual({ d: '4' })
    expect((await labelTrace(a.scope, id, {}, 'replace')).labels).toEqual({})
    expect((await a.audits()).filter(({ eventType }) => eventType === 'trace_labeled')).toHaveLength(5)
  })

  it('of a foreign trace, or one out of reach, are not there', async () => {
    const [a, b] = await twoTenants()
    const id = await putTrace(b.id)
    const hidden = await putTrace(a.id, { workspaceId: 'hr' })
    const limited = scopeOf(identityOf(a.id, 'operator', { workspaceIds: ['sales'] }))
    for (const [scope, one] of [
      [a.scope, id],
      [a.scope, UNKNOWN],
      [limited, hidden],
    ] as const) {
      await expect(labelTrace(scope, one, { a: '1' })).rejects.toMatchObject({ code: 'not_found' })
      await expect(annotateTrace(scope, one, { key: 'a', value: 'b' })).rejects.toMatchObject({ code: 'not_found' })
      await expect(listAnnotations(scope, one)).rejects.toMatchObject({ code: 'not_found' })
    }
    expect([...(await a.audits()), ...(await b.audits())]).toEqual([])
  })

  it('are 64 at most on a trace, however many calls set them', async () => {
    const [a] = await twoTenants()
    const id = await putTrace(a.id)
    const many = Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`k${at}`, 'v']))
    await labelTrace(a.scope, id, many)
    await expect(labelTrace(a.scope, id, { more: 'v' })).rejects.toMatchObject({ code: 'invalid_request' })
    expect(Object.keys((await labelTrace(a.scope, id, { more: 'v', k0: null })).labels)).toHaveLength(64)
  })

  it('set at the same time are all there', async () => {
    const [a] = await twoTenants()
    const id = await putTrace(a.id)
    await Promise.all(
      Array.from({ length: 12 }, (_, at) => labelTrace(a.scope, id, { [`k${at}`]: 'v', same: `${at}` })),
    )
    const { labels } = await labelTrace(a.scope, id, {})
    expect(Object.keys(labels)).toHaveLength(13)
  })

  it('and annotations hold no secret', async () => {
    const [a] = await twoTenants()
    const id = await putTrace(a.id)
    expect((await labelTrace(a.scope, id, { who: 'ann@example.com' })).labels).toEqual({ who: '[EMAIL]' })
    const { annotation: made } = await annotateTrace(a.scope, id, { key: 'note', value: 'mail ann@example.com' })
    expect(made.value).toBe('mail [EMAIL]')
  })

  it('lead to their traces', async () => {
    const [a, b] = await twoTenants()
    await putTrace(b.id, { labels: { 'a.b': 'x' } })
    const one = await putTrace(a.id, { labels: { 'a.b': 'x' } })
    const two = await putTrace(a.id, { labels: { 'a.b': 'y' } }, 1)
    expect(await tracesByLabel(a.scope, { label_key: 'a.b', limit: 10 })).toMatchObject({
      ...{ count: 2, total: 2, trace_ids: [one, two], traces: [{ labels: { 'a.b': 'x' } }, {}] },
    })
    expect(await tracesByLabel(a.scope, { label_key: 'a.b', label_value: 'y', limit: 10 })).toMatchObject({ count: 1 })
    expect(await tracesByLabel(a.scope, { label_key: 'a.b', limit: 1 })).toMatchObject({ count: 1, total: 2 })
    expect(await tracesByLabel(a.scope, { label_key: 'a_b', limit: 1 })).toMatchObject({ count: 0, trace_ids: [] })
  })

  it('and so do tasks, documents and messages; the first of them decides', async () => {
    const [a, b] = await twoTenants()
    await putTrace(b.id, { taskId: 't' })
    const id = await putTrace(a.id, { taskId: 't', messageId: 'm' })
    await putTrace(a.id, { documentId: 'd' }, 1)
    expect(await tracesByEntity(a.scope, { task_id: 't', document_id: 'd', limit: 10 })).toMatchObject({
      ...{ entity_type: 'task', entity_id: 't', count: 1, total: 1, trace_ids: [id] },
    })
    expect(await tracesByEntity(a.scope, { message_id: 'm', limit: 10 })).toMatchObject({
      entity_type: 'message',
      count: 1,
    })
    expect(await tracesByEntity(a.scope, { document_id: 'x', limit: 10 })).toMatchObject({ count: 0 })
    await expect(tracesByEntity(a.scope, { limit: 10 })).rejects.toMatchObject({ code: 'invalid_request' })
    const { trace } = await getTraceDetail(a.scope, id)
    expect(trace.linked_ids).toEqual({
      task_id: { value: 't', url: '/ops/traces?task_id=t' },
      message_id: { value: 'm', url: '/ops/traces?message_id=m' },
    })
  })
})

describeEachDialect('annotations', (dialect) => {
  useKernel(dialect)

  it('are added and never changed; a list shows the newest of each key', async () => {
    const [a] = await twoTenants()
    const id = await putTrace(a.id)
    const first = await annotateTrace(a.scope, id, { key: 'note', value: '1', created_by: 'somebody else' })
    expect(first).toMatchObject({ status: 'ok', annotation: { trace_id: id, key: 'note', created_by: a.scope.actor } })
    expect(await a.lastAudit()).toMatchObject({ eventType: 'trace_annotated', entityId: id })
    await annotateTrace(a.scope, id, { key: 'baseline', value: 'yes' })
    await annotateTrace(a.scope, id, { key: 'note', value: '2' })
    const service = scopeOf(identityOf(a.id, 'admin', { plane: 'service', userId: null }))
    const told = await annotateTrace(service, id, { key: 'tag', value: 'x', created_by: 'the backend' })
    expect(told.annotation.created_by).toBe('the backend')
    const { annotations } = await listAnnotations(a.scope, id)
    expect(annotations.map(({ key, value }) => [key, value])).toEqual([
      ...[
        ['note', '1'],
        ['baseline', 'yes'],
        ['note', '2'],
        ['tag', 'x'],
      ],
    ])
    const { traces } = await listTracesForOps(a.scope, OpsTraceQuery.parse({}))
    expect(traces[0]?.annotations).toEqual({ note: '2', baseline: 'yes', tag: 'x' })
    expect((await getTraceDetail(a.scope, id)).trace.annotations).toEqual({ note: '2', baseline: 'yes', tag: 'x' })
  })
})

describe('what a label may be', () => {
  it.each([
    { labels: { '': 'x' } },
    { labels: { ' a': 'x' } },
    { labels: { 'a\n': 'x' } },
    { labels: { ['k'.repeat(201)]: 'x' } },
    { labels: { a: 'v'.repeat(1_001) } },
    { labels: { a: 1 } },
    { labels: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, 'v'])) },
    {},
  ])('not %j', (body) => {
    expect(contract.body.safeParse(body).success).toBe(false)
  })

  it('annotations need a key', () => {
    expect(annotation.body.safeParse({ key: '', value: 'x' }).success).toBe(false)
    expect(annotation.body.safeParse({ key: 'x' }).success).toBe(false)
  })

  it('merging leaves what it was given as it is', () => {
    const current = { a: '1', b: '2' }
    expect(mergeLabels(current, { a: null, c: '3' }, 'merge')).toEqual({ b: '2', c: '3' })
    expect(mergeLabels(current, { c: '3', d: null }, 'replace')).toEqual({ c: '3' })
    expect(current).toEqual({ a: '1', b: '2' })
  })
})
