import { PassThrough } from 'node:stream'
import { createGzip } from 'node:zlib'
import { expect, it, vi } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { GZIP, hexId, jsonBytes, type OtlpReply, PROTO_TYPE, useOtlpHouse, zipped } from '@/lib/core/testing/otlp-house'
import { chat, requestOf, rowsOf } from '@/lib/core/testing/otlp-spans'
import { withRoom } from './backlog'
import { Status } from './messages'

const MIB = 1_048_576

const statusOf = (reply: OtlpReply) => Status.toObject(Status.decode(reply.bytes)) as { code: number; message: string }

// A gigabyte of nothing in about a megabyte, made without ever being held.
const bomb = async (mebibytes: number): Promise<Buffer> => {
  const gzip = createGzip({ level: 9 })
  const out = gzip.pipe(new PassThrough())
  const chunks: Buffer[] = []
  out.on('data', (chunk: Buffer) => chunks.push(chunk))
  const nothing = Buffer.alloc(MIB)
  for (let at = 0; at < mebibytes; at++)
    if (!gzip.write(nothing)) await new Promise((resolve) => gzip.once('drain', resolve))
  gzip.end()
  await new Promise((resolve) => out.once('end', resolve))
  return Buffer.concat(chunks)
}

describeEachDialect('limits of OTLP', (dialect) => {
  const house = useOtlpHouse(dialect, {
    OTLP_MAX_BODY_BYTES: String(2 * MIB),
    OTLP_MAX_SPANS_PER_REQUEST: '50',
    OTLP_QUEUE_SPANS: '100',
    OTLP_RATE_SPANS_PER_MINUTE: '200',
  })

  it('refuses a body that is too large as it is sent, with a length or without', async () => {
    const project = await house.project()
    for (const isChunked of [false, true]) {
      const reply = await house.post(project.key, Buffer.alloc(3 * MIB, ' '), { isChunked })
      expect([reply.status, reply.json()['code']]).toEqual([413, 3])
      const proto = await house.post(project.key, Buffer.alloc(3 * MIB), { isChunked, headers: PROTO_TYPE })
      expect([proto.status, statusOf(proto).code]).toEqual([413, 3])
    }
  })

  it('stops at the limit of what a bomb becomes, and holds no more than that', { timeout: 60_000 }, async () => {
    const project = await house.project()
    const body = await bomb(1_024)
    expect(body.byteLength).toBeLessThan(2 * MIB)
    expect((await house.post(project.key, zipped(jsonBytes({})), { headers: GZIP })).status).toBe(200)
    for (const headers of [{ ...GZIP, ...PROTO_TYPE }, GZIP]) {
      const before = process.memoryUsage().rss
      let most = before
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss)
      }, 5)
      const reply = await house.post(project.key, body, { headers })
      clearInterval(watch)
      expect(reply.status).toBe(413)
      expect(most - before).toBeLessThan(100 * MIB)
    }
    const after = await house.post(project.key, zipped(jsonBytes({})), { headers: GZIP })
    expect(after.status).toBe(200)
  })

  it('holds so many bodies at once and no more, and lets go of each', async () => {
    const project = await house.project()
    const all = kernel().slot('otlp.held', () => ({ bytes: 0 }))
    expect(all.bytes).toBe(0)
    all.bytes = 4 * kernel().env.OTLP_MAX_DECODED_BYTES
    const busy = await house.post(project.key, jsonBytes({}))
    expect([busy.status, busy.json()['code'], busy.headers['retry-after']]).toEqual([503, 14, '1'])
    all.bytes = 0
    expect((await house.post(project.key, jsonBytes({}))).status).toBe(200)
    expect((await house.post(project.key, Buffer.from('{'))).status).toBe(400)
    expect(all.bytes).toBe(0)
  })

  it('takes as many spans as one request may hold and names the first that is too many', async () => {
    const project = await house.project()
    const id = hexId(16)
    const spans = Array.from({ length: 53 }, () => chat(id))
    const reply = await house.post(project.key, jsonBytes(requestOf(...spans)))
    expect(reply.status).toBe(200)
    expect(reply.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage: expect.stringMatching(/^3 of 53 spans rejected: 3× more spans than .* first at .*spans\[50\]$/),
      },
    })
    expect(await rowsOf(project, id)).toHaveLength(50)
  })

  it('tells who comes while too much is being stored to come again', async () => {
    const project = await house.project()
    const id = hexId(16)
    const spans = Array.from({ length: 10 }, () => chat(id))
    const busy = await withRoom(95, () => house.post(project.key, jsonBytes(requestOf(...spans)), {}))
    expect([busy.status, busy.json()['code'], Number(busy.headers['retry-after'])]).toEqual([503, 14, 2])
    expect(await rowsOf(project, id)).toHaveLength(0)
    expect((await house.post(project.key, jsonBytes(requestOf(...spans)))).status).toBe(200)
    expect(await rowsOf(project, id)).toHaveLength(10)
  })

  it('counts spans by the minute, each tenant by itself', async () => {
    const [a, b] = [await house.project(), await house.project()]
    const batch = () => jsonBytes(requestOf(...Array.from({ length: 50 }, () => chat(hexId(16)))))
    for (let time = 0; time < 4; time++) expect((await house.post(a.key, batch())).status).toBe(200)
    const refused = await house.post(a.key, batch())
    expect([refused.status, refused.json()['code']]).toEqual([429, 8])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await house.post(b.key, batch())).status).toBe(200)
  })

  it('says 503 while the database does not answer, and stores when it does again', async () => {
    const project = await house.project()
    const id = hexId(16)
    const body = jsonBytes(requestOf(chat(id)))
    expect((await house.post(project.key, jsonBytes({}))).status).toBe(200)
    const away = vi.spyOn(kernel().db.writer, 'command').mockRejectedValue(new Error('connection refused'))
    for (let time = 0; time < 2; time++) {
      const reply = await house.post(project.key, body)
      expect([reply.status, reply.json()['code'], reply.headers['retry-after']]).toEqual([503, 14, '5'])
      expect(reply.bytes.toString()).not.toContain('refused')
    }
    away.mockRestore()
    expect((await house.post(project.key, body)).status).toBe(200)
    expect(await rowsOf(project, id)).toHaveLength(1)
  })
})
