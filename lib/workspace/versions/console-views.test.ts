import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useFolder } from '@/lib/core/testing/folder'
import { identityOf, newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { savedVersion } from '@/lib/core/testing/versions'
import { diffVersions, loadBundle, renderPrompt, saveCurrent, setPin, surveyWorkspaces } from '..'

const PAGE = { limit: 50, offset: 0 }

describeEachDialect('what the console shows of workspaces', (dialect) => {
  const root = useFolder()
  useKernel(dialect, { env: { CLASPER_WORKSPACES: root.at('tenants') } })

  it('lists workspaces with their last version and what their environments run', async () => {
    const { scope } = await newTenant()
    await savedVersion(scope, 'shop', { 'SOUL.md': 'one' })
    const last = await savedVersion(scope, 'shop', { 'SOUL.md': 'two' })
    await setPin(scope, { workspace_id: 'shop', environment: 'prod', version_hash: last })
    const { workspaces } = await surveyWorkspaces(scope, { ...PAGE, q: 'SHO' })
    expect(workspaces).toMatchObject([
      {
        ...{ workspace_id: 'shop', has_folder: false, versions: 2 },
        latest: { version_hash: last.slice(0, 16), pinned_in: ['prod'], is_latest: true },
        environments: [
          { environment: 'prod', version_hash: last.slice(0, 16), canary_hash: null, locked: false },
          { environment: 'default', version_hash: null, is_default: true },
        ],
      },
    ])
    const page = await surveyWorkspaces(scope, { limit: 1, offset: 1 })
    expect(page).toMatchObject({ total: 2, has_more: false, workspaces: [{ workspace_id: 'shop' }] })
  })

  it('shows nothing of another tenant, and nothing beyond a fence', async () => {
    const [a, b] = [await newTenant(), await newTenant()]
    const hash = await savedVersion(a.scope, 'shop', { 'SOUL.md': 'one' })
    await savedVersion(a.scope, 'back', { 'SOUL.md': 'one' })
    const ids = async (scope: typeof a.scope) =>
      (await surveyWorkspaces(scope, PAGE)).workspaces.map(({ workspace_id: id }) => id)
    expect(await ids(b.scope)).toEqual(['default'])
    const fenced = scopeOf({ ...identityOf(a.id), workspaceIds: ['shop'] })
    expect(await ids(fenced)).toEqual(['shop'])
    await expect(renderPrompt(b.scope, 'shop', hash, { role: 'agent' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(renderPrompt(fenced, 'back', 'latest', { role: 'agent' })).rejects.toMatchObject({
      code: 'workspace_access_denied',
    })
    await expect(saveCurrent(fenced, 'back', {})).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })

  it('renders the prompt of a version, and of what is not saved yet', async () => {
    const { scope } = await newTenant()
    const hash = await savedVersion(scope, 'shop', {
      'AGENTS.md': 'Rules.',
      'SOUL.md': 'Ada.',
      'souls/sales.md': 'Sam.',
    })
    const { prompt } = await renderPrompt(scope, 'shop', 'latest', { role: 'agent' })
    expect(prompt).toMatchObject({ version_hash: hash.slice(0, 16), is_draft: false, roles: ['agent', 'sales'] })
    const soul = prompt.parts.find(({ path }) => path === 'SOUL.md')
    expect(prompt.text.slice(soul?.starts_at ?? 0, (soul?.starts_at ?? 0) + (soul?.injected_chars ?? 0))).toBe('Ada.')
    expect(prompt.parts.find(({ path }) => path === 'TOOLS.md')).toMatchObject({ state: 'absent', starts_at: null })
    const draft = { role: 'sales', changed: { 'souls/sales.md': 'Sue.' }, deleted: ['AGENTS.md'] }
    const changed = (await renderPrompt(scope, 'shop', hash, draft)).prompt
    expect(changed.is_draft).toBe(true)
    expect(changed.text).toContain('Sue.')
    expect(changed.text).not.toContain('Rules.')
    expect((await renderPrompt(scope, 'shop', hash, { role: 'sales' })).prompt.text).toContain('Sam.')
    const gone = { role: 'agent', deleted: ['nothing.md'] }
    await expect(renderPrompt(scope, 'shop', hash, gone)).rejects.toMatchObject({ code: 'invalid_request' })
    const up = { role: 'agent', changed: { '../x.md': 'x' } }
    await expect(renderPrompt(scope, 'shop', hash, up)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('saves a folder as it is, once, and says who did', async () => {
    const tenant = await newTenant()
    const { id, scope } = tenant
    root.write({ [`tenants/${id}/shop/SOUL.md`]: 'From a folder.' })
    const saved = await saveCurrent(scope, 'shop', { message: 'Begin' })
    expect(saved).toMatchObject({ is_new: true, version: { message: 'Begin', source: 'console', file_count: 1 } })
    expect(saved.version.full_hash).toBe((await loadBundle(scope, 'shop')).hash)
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'workspace_change', entityId: saved.version.full_hash })
    expect((await diffVersions(scope, 'shop', 'latest', 'current')).is_same).toBe(true)
    expect((await saveCurrent(scope, 'shop', {})).is_new).toBe(false)
    await savedVersion(scope, 'bare', { 'SOUL.md': 'x' })
    await expect(saveCurrent(scope, 'bare', {})).rejects.toMatchObject({ code: 'version_conflict' })
  })
})
