import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import * as compared from '@/app/(api)/workspace/[workspaceId]/diff/route'
import * as download from '@/app/(api)/workspace/[workspaceId]/versions/[hash]/download/route'
import * as file from '@/app/(api)/workspace/[workspaceId]/versions/[hash]/file/route'
import * as listed from '@/app/(api)/workspace/[workspaceId]/versions/[hash]/files/route'
import * as one from '@/app/(api)/workspace/[workspaceId]/versions/[hash]/route'
import * as versions from '@/app/(api)/workspace/[workspaceId]/versions/route'
import * as impact from '@/app/(api)/workspace/impact/route'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useFolder } from '@/lib/core/testing/folder'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'

const KEY = 'daemon-key-of-the-tests'

type Handler = (request: Request, context: { params: Record<string, string> }) => Promise<Response>
type Sent = { query?: string; body?: Uint8Array | string; type?: string; params?: Record<string, string> }

describeEachDialect('routes of versions', (dialect) => {
  const root = useFolder()
  useKernel(dialect, {
    env: { AGENT_DAEMON_API_KEY: KEY, CLASPER_DAEMON_ALLOWED_TENANTS: '*', CLASPER_WORKSPACES: root.at('tenants') },
  })

  const houseOf = async () => {
    const { id } = await newTenant()
    const call = (handler: Handler, { query = '', body, type = 'application/json', params = {} }: Sent = {}) => {
      const url = `http://127.0.0.1/x?tenant_id=${id}&${query}`
      const headers = { 'x-agent-daemon-key': KEY, ...(body === undefined ? {} : { 'content-type': type }) }
      const sent = body === undefined ? {} : { method: 'POST', body: body as BodyInit }
      return handler(new Request(url, { headers, ...sent }), { params: { workspaceId: 'support', ...params } })
    }
    const json = async (handler: Handler, sent?: Sent) => {
      const reply = await call(handler, sent)
      return { status: reply.status, body: (await reply.json()) as Record<string, never> }
    }
    const save = (body: object, query = 'create=true') => json(versions.POST, { query, body: JSON.stringify(body) })
    return { id, call, json, save }
  }

  const hashOf = ({ body }: { body: Record<string, never> }): string => String(body['version']?.['version_hash'])

  it('take an archive, packed or not, and give the same bytes back', async () => {
    const { call, json } = await houseOf()
    root.write({ 'ws/AGENTS.md': 'rules', 'ws/skills/a/SKILL.md': '---\nname: a\ndescription: d\n---\nx' })
    execFileSync('chmod', ['755', root.at('ws/AGENTS.md')])
    execFileSync('tar', ['-cf', root.at('ws.tar'), '-C', root.at('ws'), '.'])
    const tar = readFileSync(root.at('ws.tar'))
    const query = 'create=true&message=from%20an%20archive'
    const saved = await json(versions.POST, { query, body: tar, type: 'application/x-tar' })
    expect(saved).toMatchObject({
      status: 201,
      body: { status: 'ok', is_new: true, version: { message: 'from an archive', source: 'push', file_count: 2 } },
    })
    const again = await json(versions.POST, { body: gzipSync(tar), type: 'application/gzip' })
    expect(again.body).toMatchObject({ is_new: false, version: { version_hash: hashOf(saved) } })
    const params = { hash: hashOf(saved) }
    const loaded = await call(download.GET, { params })
    expect(loaded.headers.get('content-disposition')).toBe(`attachment; filename="support-${hashOf(saved)}.tar"`)
    const { writeFileSync, mkdirSync, statSync } = await import('node:fs')
    const bytes = Buffer.from(await loaded.arrayBuffer())
    mkdirSync(root.at('out'))
    writeFileSync(root.at('out.tar'), bytes)
    execFileSync('tar', ['-xf', root.at('out.tar'), '-C', root.at('out')])
    for (const path of ['AGENTS.md', 'skills/a/SKILL.md'])
      expect(readFileSync(root.at('out', path)).equals(readFileSync(root.at('ws', path)))).toBe(true)
    expect(readdirSync(root.at('out'), { recursive: true })).toHaveLength(4)
    expect(statSync(root.at('out/AGENTS.md')).mode & 0o111).toBe(0o111)
    expect(Buffer.from(await (await call(download.GET, { params })).arrayBuffer()).equals(bytes)).toBe(true)
    const asJson = await (await call(download.GET, { params, query: 'format=json' })).text()
    const same = await json(versions.POST, { body: asJson })
    expect(same.body).toMatchObject({ is_new: false, version: { version_hash: hashOf(saved) } })
  })

  it('refuse archives that would harm, and say why', async () => {
    const { json } = await houseOf()
    const body = Buffer.from('nonsense'.repeat(200))
    const refused = await json(versions.POST, { query: 'create=true', body, type: 'application/x-tar' })
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    const unknown = await json(versions.POST, { query: 'create=true', body, type: 'application/zip' })
    expect(unknown).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })

  it('take files as JSON: text and bytes', async () => {
    const { json, save } = await houseOf()
    const saved = await save({
      files: {
        'SOUL.md': 'A soul.',
        'logo.png': { content: Buffer.from([0, 255]).toString('base64'), encoding: 'base64' },
        'run.sh': { content: 'echo', executable: true },
      },
      message: 'begin',
    })
    expect(saved.status).toBe(201)
    const params = { hash: hashOf(saved) }
    expect((await json(listed.GET, { params })).body['files']).toMatchObject([
      { path: 'SOUL.md', encoding: 'utf8', executable: false, size: 7 },
      { path: 'logo.png', encoding: 'base64', executable: false, size: 2 },
      { path: 'run.sh', encoding: 'utf8', executable: true },
    ])
    const logo = await json(file.GET, { params, query: 'path=logo.png' })
    expect(logo.body['file']).toMatchObject({ content: 'AP8=', encoding: 'base64' })
    expect((await json(file.GET, { params, query: 'path=nope' })).status).toBe(404)
    expect((await json(file.GET, { params, query: 'path=..%2Fsecret' })).status).toBe(404)
    expect((await json(one.GET, { params })).body['version']).toMatchObject({ is_latest: true, pinned_in: [] })
  })

  it.each([
    [{}, 'files'],
    [{ files: {}, changed: {} }, 'files'],
    [{ changed: { a: 'x' } }, 'parent_hash'],
    [{ files: {} }, 'at least one file'],
    [{ files: { '../a': 'x' } }, 'leads out'],
    [{ files: { a: { content: '!!', encoding: 'base64' } } }, 'is not valid base64'],
    [{ files: { a: 1 } }, 'files.a'],
    [{ files: { a: 'x' }, parent_hash: 'nope' }, 'parent_hash'],
  ])('refuse %j', async (body, word) => {
    const { save } = await houseOf()
    const refused = await save(body)
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).toContain(word)
  })

  it('take changes of the last version, and refuse those of an older one', async () => {
    const { save, json } = await houseOf()
    const first = await save({
      files: { 'SOUL.md': 'one', 'USER.md': 'u', 'run.sh': { content: 'a', executable: true } },
    })
    const edit = { parent_hash: hashOf(first), changed: { 'SOUL.md': 'two', 'run.sh': 'b' }, deleted: ['USER.md'] }
    const second = await save({ ...edit, message: 'kinder' })
    expect(second.body).toMatchObject({ is_new: true, version: { parent_hash: hashOf(first), file_count: 2 } })
    const { body } = await json(listed.GET, { params: { hash: hashOf(second) } })
    expect(body['files']).toMatchObject([{ path: 'SOUL.md' }, { path: 'run.sh', executable: true }])
    expect((await save(edit)).body).toMatchObject({ is_new: false, version: { version_hash: hashOf(second) } })
    const stale = await save({ parent_hash: hashOf(first), changed: { 'SOUL.md': 'three' } })
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'version_conflict', details: { latest: hashOf(second) } },
    })
    const absent = await save({ parent_hash: hashOf(second), deleted: ['nope.md'] })
    expect(absent.status).toBe(400)
    const unknown = await save({ parent_hash: 'f'.repeat(16), changed: { a: 'x' } })
    expect(unknown.status).toBe(404)
    expect((await json(versions.GET)).body).toMatchObject({ total: 2, has_more: false, workspace_id: 'support' })
  })

  it('make no workspace unless they are told to', async () => {
    const { save, json } = await houseOf()
    expect(await save({ files: { a: 'x' } }, '')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await json(versions.GET)).status).toBe(404)
    expect((await save({ files: { a: 'x' } })).status).toBe(201)
    expect((await save({ files: { a: 'y' } }, '')).status).toBe(201)
  })

  it('compare versions with each other and with the files as they are', async () => {
    const { id, save, json } = await houseOf()
    const first = await save({ files: { 'SOUL.md': 'one\n' } })
    const second = await save({ files: { 'SOUL.md': 'two\n', 'USER.md': 'u\n' } })
    const query = `from=${hashOf(first)}&to=${hashOf(second)}`
    const { body } = await json(compared.GET, { query })
    expect(body['diff']).toMatchObject({
      files: [
        { path: 'SOUL.md', status: 'modified', hunks: [{ lines: ['-one', '+two'] }] },
        { path: 'USER.md', status: 'added', hunks: [{ lines: ['+u'] }] },
      ],
    })
    root.write({ [`tenants/${id}/support/SOUL.md`]: 'three\n' })
    const now = await json(compared.GET, { query: `from=${hashOf(second)}` })
    expect(now.body['diff']).toMatchObject({
      to: { is_current: true },
      files: [{ path: 'SOUL.md' }, { status: 'deleted' }],
    })
    const asked = { workspace_id: 'support', old_hash: hashOf(first), workspace_path: '/etc' }
    const found = await json(impact.POST, { body: JSON.stringify(asked) })
    expect(found).toMatchObject({
      status: 200,
      body: { status: 'ok', analysis: { file_changes: { modified: ['SOUL.md'] }, fileChanges: { added: [] } } },
    })
    const conflicting = { workspace_id: 'support', old_hash: hashOf(first), old_version_hash: hashOf(second) }
    expect((await json(impact.POST, { body: JSON.stringify(conflicting) })).status).toBe(400)
  })
})
