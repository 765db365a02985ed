import { describe, expect, it } from 'vitest'
import * as promote from '@/app/(api)/skills/[name]/[version]/promote/route'
import * as state from '@/app/(api)/skills/[name]/[version]/state/route'
import * as byState from '@/app/(api)/skills/by-state/route'
import * as publish from '@/app/(api)/skills/publish/route'
import * as one from '@/app/(api)/skills/registry/[name]/route'
import * as versions from '@/app/(api)/skills/registry/[name]/versions/route'
import * as registry from '@/app/(api)/skills/registry/route'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { manifestOf } from '@/lib/core/testing/skill-manifests'
import type { Route } from '@/lib/http/route'

type Json = Record<string, unknown>
type Sent = { body?: string | Uint8Array; type?: string; query?: string; headers?: Record<string, string> }

const KEY = 'service-key-of-the-skill-routes'

const YAML = `# comments are no part of it
name: sum
version: 1.2.3
description: Sums up
instructions: |
  Sum the text up.
  Twice.
inputs:
  tone: { type: enum, enum: [warm, cold] }
permissions: { tools: [read], models: [gpt-4o] }
`

describeEachDialect('skills on the wire', (dialect) => {
  useKernel(dialect, { env: { AGENT_DAEMON_API_KEY: KEY, CLASPER_DAEMON_ALLOWED_TENANTS: '*' } })

  const door = async () => {
    const { id } = await newTenant()
    return async (handler: unknown, params: Record<string, string> = {}, sent: Sent = {}) => {
      const { body, type = 'application/json', query = '', headers = {} } = sent
      const request = new Request(`http://127.0.0.1/x${query === '' ? '' : `?${query}`}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body: body as string }),
        headers: {
          ...{ 'x-agent-daemon-key': KEY, 'x-tenant-id': id },
          ...(body === undefined ? {} : { 'content-type': type }),
          ...headers,
        },
      })
      const reply = await (handler as Route)(request, { params })
      return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Json }
    }
  }
  const json = (value: unknown): Sent => ({ body: JSON.stringify(value) })

  describe('publishing', () => {
    it('takes JSON and YAML to the same hashes, in both spellings', async () => {
      const [first, second] = [await door(), await door()]
      const yaml = await first(publish.POST, {}, { body: YAML, type: 'application/yaml; charset=utf-8' })
      expect(yaml).toMatchObject({ status: 201, body: { status: 'ok', skill: { name: 'sum', state: 'draft' } } })
      const skill = yaml.body['skill'] as Json
      expect(skill['contentHash']).toBe(skill['content_hash'])
      expect(skill['publishedAt']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
      const same = {
        ...{ name: 'sum', version: '1.2.3', description: 'Sums up', instructions: 'Sum the text up.\nTwice.\n' },
        inputs: { tone: { type: 'enum', values: ['warm', 'cold'] } },
        permissions: { tools: ['read'], allowedModels: ['gpt-4o'] },
      }
      const other = (await second(publish.POST, {}, json(same))).body['skill'] as Json
      expect([other['checksum'], other['content_hash']]).toEqual([skill['checksum'], skill['content_hash']])
    })

    it('takes a SKILL.md', async () => {
      const ask = await door()
      const text = '---\nname: tea\ndescription: Makes tea\n---\n\nBoil water.\n'
      const sent = { body: text, type: 'text/markdown' }
      expect((await ask(publish.POST, {}, sent)).body).toMatchObject({ code: 'invalid_manifest' })
      expect(await ask(publish.POST, {}, { ...sent, query: 'version=1.0.0' })).toMatchObject({
        status: 201,
        body: { skill: { name: 'tea', version: '1.0.0' } },
      })
    })

    it.each<[string, string, RegExp]>([
      ['a key twice', 'name: a\nname: b\n', /stands twice/],
      ['a key twice within', 'inputs:\n  a: {type: string}\n  a: {type: number}\n', /stands twice/],
      ['an alias', 'name: &x a\ndescription: *x\n', /not valid YAML/],
      [
        'an explosion',
        `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`},*a]`).join('\n')}`,
        /not valid YAML/,
      ],
      ['a list', '- a\n- b\n', /no[t]? a map|is not a map/],
      ['a torn map', 'name: {a\n', /not valid YAML/],
      ['endless depth', '['.repeat(5_000), /not valid YAML/],
    ])('refuses YAML with %s', async (_what, body, why) => {
      const { status, body: told } = await (await door())(publish.POST, {}, { body, type: 'text/yaml' })
      expect([status, told['code'], JSON.stringify(told['details'])]).toEqual([
        400,
        'invalid_request',
        expect.stringMatching(why),
      ])
    })

    it('refuses what is too large, of another type, or no number', async () => {
      const ask = await door()
      const refused = async (sent: Sent) => {
        const { status, body } = await ask(publish.POST, {}, sent)
        return [status, body['code']]
      }
      expect(await refused({ body: `a: ${'x'.repeat(300_000)}`, type: 'application/yaml' })).toEqual([
        413,
        'payload_too_large',
      ])
      expect(await refused({ body: JSON.stringify({ a: 'x'.repeat(1_100_000) }) })).toEqual([413, 'payload_too_large'])
      expect(await refused({ body: 'name=x', type: 'application/x-www-form-urlencoded' })).toEqual([
        415,
        'unsupported_media_type',
      ])
      expect(await refused({ body: `${YAML}x: .inf\n`, type: 'text/yaml' })).toEqual([400, 'invalid_manifest'])
      expect(await refused({ body: `${YAML}__proto__: {a: 1}\n`, type: 'text/yaml' })).toEqual([400, 'invalid_request'])
      expect(await refused({ body: Uint8Array.from([0xff, 0xfe, 0x00]), type: 'text/yaml' })).toEqual([
        400,
        'invalid_request',
      ])
    })

    it('says everything that is wrong, and gives the same answer to the same call', async () => {
      const ask = await door()
      expect((await ask(publish.POST, {}, json({ name: 'registry', version: '1' }))).body).toMatchObject({
        error: 'Invalid manifest',
        code: 'invalid_manifest',
        details: { fieldErrors: { name: ['is a reserved name'], version: ['must be x.y.z, digits only'] } },
      })
      const sent = { ...json(manifestOf('sum')), headers: { 'idempotency-key': 'k1' } }
      const [first, again] = [await ask(publish.POST, {}, sent), await ask(publish.POST, {}, sent)]
      expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true'])
      expect(again.body).toEqual(first.body)
      const other = { ...json(manifestOf('sum', '1.0.1')), headers: { 'idempotency-key': 'k1' } }
      expect((await ask(publish.POST, {}, other)).body['code']).toBe('idempotency_conflict')
      const inBody = json({ ...manifestOf('pie'), idempotency_key: 'k2' })
      expect((await ask(publish.POST, {}, inBody)).status).toBe(201)
      expect((await ask(publish.POST, {}, inBody)).headers.get('idempotent-replayed')).toBe('true')
    })
  })

  it('reading has the keys of the specification, and their aliases unless they are unwanted', async () => {
    const ask = await door()
    await ask(publish.POST, {}, json(manifestOf('sum', '1.9.0', { inputs: { a_b: { type: 'string' } } })))
    await ask(publish.POST, {}, json(manifestOf('sum', '1.10.0')))
    const found = await ask(one.GET, { name: 'sum' }, { query: 'version=1.9.0' })
    const skill = found.body['skill'] as Json
    expect(found.body).toMatchObject({ name: 'sum', version: '1.9.0', state: 'draft', checksum: skill['checksum'] })
    expect(found.body['manifest']).toEqual(skill['manifest'])
    expect(Object.keys((skill['manifest'] as Json)['inputs'] as Json)).toEqual(['a_b'])
    const bare = await ask(one.GET, { name: 'sum' }, { headers: { 'x-clasper-aliases': 'off' } })
    expect([Object.keys(bare.body), (bare.body['skill'] as Json)['version']]).toEqual([['skill'], '1.10.0'])
    expect((await ask(versions.GET, { name: 'sum' })).body).toMatchObject({ versions: ['1.10.0', '1.9.0'] })
    expect((await ask(registry.GET)).body).toMatchObject({
      skills: [{ name: 'sum', version: '1.10.0' }],
      total: 1,
      hasMore: false,
    })
    expect((await ask(byState.GET, {}, { query: 'state=draft' })).body).toMatchObject({ state: 'draft', count: 2 })
    expect((await ask(byState.GET)).status).toBe(400)
    expect((await ask(state.GET, { name: 'sum', version: '1.9.0' })).body).toMatchObject({
      is_executable: false,
      isExecutable: false,
    })
    expect((await ask(state.GET, { name: 'sum', version: 'latest-of-all' })).status).toBe(404)
  })

  it('a refused promotion says from where to where', async () => {
    const ask = await door()
    await ask(publish.POST, {}, json(manifestOf('sum')))
    const move = (target_state: string) => ask(promote.POST, { name: 'sum', version: '1.0.0' }, json({ target_state }))
    expect(await move('active')).toMatchObject({
      status: 400,
      body: {
        error: 'Promotion failed',
        code: 'promotion_failed',
        current_state: 'draft',
        target_state: 'active',
        message: expect.any(String),
      },
    })
    expect((await move('golden')).body['code']).toBe('invalid_request')
    const { body } = await move('deprecated')
    expect(body).toMatchObject({
      status: 'ok',
      skill: { state: 'deprecated', previous_state: 'draft', previousState: 'draft' },
    })
    expect(body).not.toHaveProperty('permission_diff')
  })
})
