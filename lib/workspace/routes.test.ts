import { expect, it } from 'vitest'
import * as complete from '@/app/(api)/boot/complete/route'
import * as boot from '@/app/(api)/boot/route'
import * as context from '@/app/(api)/context/route'
import * as stats from '@/app/(api)/context/stats/route'
import * as skills from '@/app/(api)/skills/route'
import * as reindex from '@/app/(api)/workspace/reindex/route'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useFolder } from '@/lib/core/testing/folder'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'

const KEY = 'daemon-key-of-the-tests'

type Handler = (request: Request) => Promise<Response>

describeEachDialect('workspace routes', (dialect) => {
  const root = useFolder()
  useKernel(dialect, {
    env: {
      AGENT_DAEMON_API_KEY: KEY,
      CLASPER_DAEMON_ALLOWED_TENANTS: '*',
      CLASPER_WORKSPACE: root.at('shared'),
      CLASPER_WORKSPACES: root.at('tenants'),
    },
  })

  const ask = async (handler: Handler, path: string, method = 'GET', key = KEY) => {
    const headers = { 'x-agent-daemon-key': key }
    const reply = await handler(new Request(`http://127.0.0.1${path}`, { method, headers }))
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
  }

  const prepared = async () => {
    const { id } = await newTenant()
    root.write({
      [`tenants/${id}/default/AGENTS.md`]: 'the rules',
      [`tenants/${id}/default/BOOT.md`]: 'say hello',
      [`tenants/${id}/default/skills/a/SKILL.md`]: '---\nname: a\ndescription: d\nmetadata: {snake_key: 1}\n---\nB',
      [`tenants/${id}/sales/AGENTS.md`]: 'x',
    })
    return id
  }

  it('speak both spellings, and leave data as it is', async () => {
    const id = await prepared()
    const { body } = await ask(context.GET, `/context?tenant_id=${id}`)
    expect(body).toMatchObject({ max_total_chars: 60_000, maxTotalChars: 60_000, workspacePath: expect.any(String) })
    expect((body['files'] as object[])[0]).toMatchObject({ raw_chars: 9, rawChars: 9, injected_chars: 9 })
    const list = await ask(skills.GET, `/skills?tenant_id=${id}`)
    expect(list.body).toMatchObject({ enabled: 1, total: 1 })
    expect((list.body['skills'] as object[])[0]).toMatchObject({
      ...{ location: 'skills/a/SKILL.md', in_inventory: true, inInventory: true, ready: true, visible: true },
      metadata: { snake_key: 1 },
    })
    expect((list.body['skills'] as { metadata: object }[])[0]?.metadata).toEqual({ snake_key: 1 })
    expect((await ask(stats.GET, `/context/stats?tenant_id=${id}`)).body).toMatchObject({ lastIndexedAt: null })
  })

  it('take an absent body', async () => {
    const id = await prepared()
    const done = await ask(complete.POST, `/boot/complete?tenant_id=${id}`, 'POST')
    expect(done).toMatchObject({ status: 200, body: { status: 'ok' } })
    const shown = await ask(boot.GET, `/boot?tenant_id=${id}`)
    expect(shown.body).toMatchObject({ has_boot: true, hasBoot: true, is_complete: true, content: null })
    const built = await ask(reindex.POST, `/workspace/reindex?tenant_id=${id}`, 'POST')
    expect(built).toMatchObject({ status: 200, body: { indexed_skills: 1, indexedSkills: 1 } })
  })

  it.each(['../../x', '%2e%2e%2f%2e%2e%2fx', '/etc/passwd', 'a.md', ''])(
    'refuse the role %j with 400',
    async (role) => {
      const id = await prepared()
      expect((await ask(context.GET, `/context?tenant_id=${id}&role=${role}`)).status).toBe(400)
    },
  )

  it.each([
    ['GET', '/context', context.GET],
    ['GET', '/context/stats', stats.GET],
    ['GET', '/skills', skills.GET],
    ['GET', '/boot', boot.GET],
    ['POST', '/boot/complete', complete.POST],
    ['POST', '/workspace/reindex', reindex.POST],
  ] as [string, string, Handler][])(
    '%s %s: 404 for the workspace of another tenant, 400 for a path, 403 without a key',
    async (method, path, handler) => {
      await prepared()
      const other = (await newTenant()).id
      expect((await ask(handler, `${path}?tenant_id=${other}&workspace_id=sales`, method)).status).toBe(404)
      expect((await ask(handler, `${path}?tenant_id=${other}&workspace_id=../sales`, method)).status).toBe(400)
      expect((await ask(handler, `${path}?tenant_id=${other}`, method, 'guess')).status).toBe(403)
    },
  )
})
