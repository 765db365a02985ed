import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { GZIP, hexId, jsonBytes, type OtlpReply, PROTO_TYPE, useOtlpHouse, zipped } from '@/lib/core/testing/otlp-house'
import { chat, requestOf, rowsOf, text, uuid } from '@/lib/core/testing/otlp-spans'
import { Status } from './messages'

const statusOf = (reply: OtlpReply) => Status.toObject(Status.decode(reply.bytes)) as { code: number; message: string }

const partialOf = (reply: OtlpReply) =>
  reply.json()['partialSuccess'] as { rejectedSpans: string; errorMessage: string }

describeEachDialect('the door of POST /v1/traces', (dialect) => {
  const house = useOtlpHouse(dialect)

  it('refuses in the encoding of the request', async () => {
    const project = await house.project()
    const broken = Buffer.concat([Buffer.from(zipped(jsonBytes(requestOf(chat(hexId(16)))))).subarray(0, 40)])
    const cases: [Uint8Array, Record<string, string>, number, number][] = [
      [Buffer.from('{'), {}, 400, 3],
      [Buffer.from('[]'), {}, 400, 3],
      [Buffer.from('{"resourceSpans":{}}'), {}, 400, 3],
      [broken, GZIP, 400, 3],
      [Buffer.from('no gzip'), GZIP, 400, 3],
      [Buffer.from('{}'), { 'content-encoding': 'br' }, 415, 3],
    ]
    for (const [body, headers, status, code] of cases) {
      const reply = await house.post(project.key, body, { headers })
      expect([reply.status, reply.json()['code']]).toEqual([status, code])
      const proto = await house.post(project.key, body.byteLength === 2 ? Buffer.from([10, 200]) : body, {
        headers: { ...headers, ...PROTO_TYPE },
      })
      expect([proto.status, statusOf(proto).code]).toEqual([status, code])
      expect(proto.headers['content-type']).toBe('application/x-protobuf')
    }
    for (const type of ['text/plain', 'application/xml', '']) {
      const reply = await house.post(project.key, Buffer.from('{}'), { headers: { 'content-type': type } })
      expect([reply.status, reply.json()['code']]).toEqual([415, 3])
    }
    for (const type of ['application/json; charset=utf-8', 'Application/JSON'])
      expect((await house.post(project.key, Buffer.from('{}'), { headers: { 'content-type': type } })).status).toBe(200)
    const get = await house.post(project.key, new Uint8Array(), { method: 'GET' })
    expect([get.status, get.headers.allow]).toEqual([405, expect.stringContaining('POST')])
  })

  it('knows a key in each header that an exporter can send', async () => {
    const project = await house.project()
    const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
    const ways: Record<string, string>[] = [
      { authorization: `Bearer ${project.key}` },
      basic(`pk-lf-anything:${project.key}`),
      { 'x-api-key': project.key },
      { 'x-clasper-key': project.key },
    ]
    for (const path of ['/v1/traces', '/api/public/otel/v1/traces', '/api/otel/v1/traces'])
      for (const headers of ways) {
        const id = hexId(16)
        const more = { 'x-langfuse-sdk-name': 'javascript', 'x-langfuse-ingestion-version': '4' }
        const reply = await house.post(null, jsonBytes(requestOf(chat(id))), { path, headers: { ...headers, ...more } })
        expect(reply.status).toBe(200)
        expect(await rowsOf(project, id)).toHaveLength(1)
      }
  })

  it('answers 401 to strangers and 403 to keys that may not', async () => {
    const reader = await house.project(['read', 'write'])
    const body = jsonBytes(requestOf(chat(hexId(16))))
    const strange: Record<string, string>[] = [
      {},
      { authorization: 'Bearer clk_wrong' },
      { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
      { 'x-api-key': 'nothing' },
    ]
    for (const headers of strange) {
      const json = await house.post(null, body, { headers })
      expect([json.status, json.json()['code']]).toEqual([401, 16])
      const proto = await house.post(null, body, { headers: { ...headers, ...PROTO_TYPE } })
      expect([proto.status, statusOf(proto).code]).toEqual([401, 16])
    }
    const json = await house.post(reader.key, body)
    expect([json.status, json.json()['code']]).toEqual([403, 7])
    const proto = await house.post(reader.key, body, { headers: PROTO_TYPE })
    expect([proto.status, statusOf(proto).code]).toEqual([403, 7])
  })

  it('puts spans into the tenant of the key, whatever else is said', async () => {
    const [a, b] = [await house.project(), await house.project()]
    const id = hexId(16)
    const spans = requestOf(chat(id, { attributes: [text('clasper.tenant', b.id)] }))
    for (const project of [a, b]) {
      const headers = { 'x-tenant-id': b.id, 'x-workspace-id': 'elsewhere' }
      expect(
        (await house.post(project.key, jsonBytes(spans), { headers, path: `/v1/traces?tenant_id=${b.id}` })).status,
      ).toBe(200)
    }
    expect(await rowsOf(a, id)).toHaveLength(1)
    expect(await rowsOf(b, id)).toHaveLength(1)
  })

  it('puts spans into the workspace of a key that has one', async () => {
    const project = await house.project(['ingest'], ['north'])
    const id = hexId(16)
    const path = '/v1/traces?workspace_id=south'
    expect((await house.post(project.key, jsonBytes(requestOf(chat(id))), { path })).status).toBe(200)
    expect(await project.scope.db.trace.findMany({ where: {} })).toMatchObject([{ id: uuid(id), workspaceId: 'north' }])
  })

  it('takes the same batch twice as one', async () => {
    const project = await house.project()
    const id = hexId(16)
    const body = jsonBytes(requestOf(chat(id), chat(id)))
    for (let time = 0; time < 2; time++) expect((await house.post(project.key, body)).status).toBe(200)
    expect(await rowsOf(project, id)).toHaveLength(2)
  })

  it('masks secrets in what was mapped and in what came', async () => {
    const project = await house.project()
    const id = hexId(16)
    const secret = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'
    const messages = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `my key is ${secret}` }] }])
    const attributes = [text('gen_ai.input.messages', messages), text('custom.note', `again ${secret}`)]
    expect((await house.post(project.key, jsonBytes(requestOf(chat(id, { attributes }))))).status).toBe(200)
    const rows = await rowsOf(project, id)
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      secret,
    )
    const words = await project.scope.db.traceText.findMany({ where: { traceId: uuid(id) } })
    expect(words.map(({ text: all }) => all).join()).not.toContain(secret)
  })

  it('stores no text that no database holds', async () => {
    const project = await house.project()
    const id = hexId(16)
    const attributes = [
      text('odd', 'a\u0000b\ud800c'),
      text('gen_ai.input.messages', '[{"role":"user","content":"\\u0000 \\ud800"}]'),
    ]
    const reply = await house.post(project.key, jsonBytes(requestOf(chat(id, { name: 'n\u0000', attributes }))))
    expect([reply.status, reply.bytes.toString()]).toEqual([200, '{}'])
    expect(await rowsOf(project, id)).toHaveLength(1)
  })

  it('refuses a run of its own that an export leads back', async () => {
    const project = await house.project()
    const runId = uuid(hexId(16))
    const now = kernel().clock.now()
    const run = {
      kind: 'agent',
      actor: 'test',
      status: 'success',
      promptSource: 'workspace',
      provider: 'p',
      model: 'm',
    }
    await kernel().db.writer.transaction(null, ({ client }) =>
      client.trace.create({
        data: {
          ...run,
          ...{ tenantId: project.id, id: runId, executionId: runId, workspaceId: 'default', environment: 'prod' },
          ...{ startedAt: now, leaseUntil: now },
        },
      }),
    )
    const id = hexId(16)
    const own = chat(id, { attributes: [text('clasper.run_id', runId)] })
    const other = chat(id, { attributes: [text('clasper.run_id', uuid(hexId(16)))] })
    const reply = await house.post(project.key, jsonBytes(requestOf(own, other)))
    expect(partialOf(reply)).toEqual({
      rejectedSpans: '1',
      errorMessage: expect.stringMatching(/recorded here already/),
    })
    expect(await rowsOf(project, id)).toHaveLength(1)
  })
})
