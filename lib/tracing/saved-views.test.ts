import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { asProblem } from '@/lib/http/problem-reply'
import { SavedView } from './contract'
import { changeView, listViews, removeView, saveView } from './index'

const view = (name: string, isShared = false, query = 'status=error') => ({
  ...{ page: 'traces', name, query, is_shared: isShared },
})

describeEachDialect('saved views', (dialect) => {
  useKernel(dialect)

  it('are those of oneself and what others share, in the own tenant', async () => {
    const [a, b] = await twoTenants()
    const { view: own } = await saveView(a.as('viewer'), view('b own'))
    expect(SavedView.parse(own)).toEqual(own)
    expect(await a.lastAudit()).toMatchObject({ eventType: 'config_change' })
    await saveView(a.as('operator'), view('a shared', true))
    await saveView(a.as('operator'), view('private'))
    await saveView(a.as('viewer'), { ...view('elsewhere'), page: 'stats' })
    await saveView(b.as('viewer'), view('foreign', true))
    const { views } = await listViews(a.as('viewer'), 'traces')
    expect(views.map(({ name, is_own: isOwn, can_change: can }) => [name, isOwn, can])).toEqual([
      ['a shared', false, false],
      ['b own', true, true],
    ])
  })

  it('of one name are one, also when they are saved at once', async () => {
    const tenant = await newTenant()
    const saves = await Promise.allSettled(Array.from({ length: 8 }, () => saveView(tenant.scope, view('v'))))
    const lost = saves.flatMap((save) => (save.status === 'rejected' ? [asProblem(save.reason).code] : []))
    expect(lost.filter((code) => code !== 'version_conflict')).toEqual([])
    expect(lost.length).toBeLessThan(8)
    expect((await listViews(tenant.scope, 'traces')).views).toHaveLength(1)
  })

  it('of one name are one, whoever saves it twice', async () => {
    const tenant = await newTenant()
    const first = await saveView(tenant.scope, view('v'))
    const second = await saveView(tenant.scope, view('v', true, 'model=x'))
    expect(second.view).toMatchObject({ id: first.view.id, query: 'model=x', is_shared: true })
    await saveView(tenant.scope, view('w'))
    await expect(changeView(tenant.scope, first.view.id, { name: 'w' })).rejects.toMatchObject({
      code: 'version_conflict',
    })
  })

  it('are changed by their owner, a shared one by an administrator too, by nobody else', async () => {
    const [a, b] = await twoTenants()
    const { view: shared } = await saveView(a.as('operator'), view('shared', true))
    const { view: own } = await saveView(a.as('operator'), view('own'))
    const change = { name: 'new' }
    await expect(changeView(a.as('viewer'), shared.id, change)).rejects.toMatchObject({ code: 'permission_denied' })
    await expect(removeView(a.as('viewer'), shared.id)).rejects.toMatchObject({ code: 'permission_denied' })
    for (const scope of [a.as('viewer'), a.as('admin'), b.scope]) {
      await expect(changeView(scope, own.id, change)).rejects.toMatchObject({ code: 'not_found' })
      await expect(removeView(scope, own.id)).rejects.toMatchObject({ code: 'not_found' })
    }
    expect((await changeView(a.as('admin'), shared.id, change)).view).toMatchObject({
      name: 'new',
      query: 'status=error',
    })
    expect((await changeView(a.as('operator'), own.id, { is_shared: true })).view.is_shared).toBe(true)
    await removeView(a.as('admin'), own.id)
    await expect(removeView(a.as('admin'), own.id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await listViews(a.as('viewer'), 'traces')).views).toHaveLength(1)
  })
})
