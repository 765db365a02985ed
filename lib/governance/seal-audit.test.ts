import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { newAuditKey, readAuditKeys } from './audit-key'
import { auditHead, publishCheckpoint, sealAudit } from './index'
import { postNote } from './post-note'
import { checkNote, keyIdOf, notesIn, publicKeyFrom, readNote, signCheckpoint, verifierKey } from './signed-note'

const folder = mkdtempSync(join(tmpdir(), 'clasper-seal-'))
const file = join(folder, 'outside/checkpoints.txt')
const received: string[] = []
let status = 200
let server: Server

const PORT = 0
const listen = async () => {
  server = createServer((request, reply) => {
    request.setEncoding('utf8').on('data', (text: string) => received.push(text))
    request.on('end', () => reply.writeHead(status).end())
  })
  await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

describe('a signed note', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const checkpoint = { origin: 'clasper/t', size: 7, rootHash: 'ab'.repeat(32) }
  const note = signCheckpoint(checkpoint, privateKey, publicKey)

  test('has the form of a tree checkpoint', () => {
    const root = Buffer.from(checkpoint.rootHash, 'hex').toString('base64')
    expect(note.startsWith(`clasper/t\n7\n${root}\n\n\u2014 clasper/t `)).toBe(true)
    const stamp = Buffer.from(note.trimEnd().split(' ').at(-1) ?? '', 'base64')
    expect(stamp).toHaveLength(68)
    expect(stamp.subarray(0, 4).toString('hex')).toBe(keyIdOf('clasper/t', publicKey))
  })

  test('a key id is the hash that the published example of signed notes gives', () => {
    const example = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    expect(verifierKey('PeterNeumann', publicKeyFrom(example))).toBe(example)
  })

  test('is checked against its own text and key', () => {
    const read = readNote(note)
    expect(read).toMatchObject(checkpoint)
    if (!read) return
    expect(checkNote(read, [publicKeyFrom(verifierKey('clasper/t', publicKey))])).toBe('valid')
    expect(checkNote({ ...read, text: read.text.replace('7', '8') }, [publicKey])).toBe('invalid')
    expect(checkNote(read, [generateKeyPairSync('ed25519').publicKey])).toBe('unknown')
    expect(notesIn(`remark\n${note}${note}`)).toEqual([note, note])
    expect(readNote('nothing')).toBe(null)
  })
})

describe('the audit key', () => {
  test('an old key goes on checking beside the new one', () => {
    const [now, before] = [newAuditKey(), newAuditKey()]
    const keys = readAuditKeys(`${now}\n${before}`)
    expect(keys.known).toHaveLength(2)
    expect(keys.publicKey).toBe(keys.known[0])
    expect(() => readAuditKeys('')).toThrow(/private key/)
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
    expect(() => readAuditKeys(rsa.toString())).toThrow(/Ed25519/)
  })
})

describeEachDialect('sealing', (dialect) => {
  const port = { now: 0 }
  useKernel(dialect, {
    env: { CLASPER_STATE_DIR: folder, CLASPER_CHECKPOINT_FILE: file, CLASPER_WEBHOOK_ALLOW_PRIVATE: 'true' },
  })
  beforeAll(async () => {
    port.now = await listen()
  })
  afterAll(() => void server.close())

  test('an empty log has nothing to seal', async () => {
    expect(await sealAudit((await newTenant()).scope)).toBe(null)
  })

  test('seals once per size, in the database and in the file', async () => {
    const tenant = await newTenant('seal')
    await tenant.scope.command({ audit: [{ event: 'auth_success' }] })
    const first = await sealAudit(tenant.scope)
    expect(first).toMatchObject({ isNew: true, checkpoint: { size: 1 } })
    expect(await sealAudit(tenant.scope)).toMatchObject({ isNew: false, checkpoint: { size: 1 } })
    await tenant.scope.command({ audit: [{ event: 'auth_success' }, { event: 'auth_success' }] })
    const next = await sealAudit(tenant.scope)
    expect(next).toMatchObject({ isNew: true, checkpoint: { size: 3 } })
    const outside = notesIn(readFileSync(file, 'utf8')).filter((note) => note.startsWith(`clasper/${tenant.id}\n`))
    expect(outside).toEqual([first?.checkpoint.note, next?.checkpoint.note])
    const head = await auditHead(tenant.scope)
    expect(head).toMatchObject({ size: 3, checkpoint: { size: 3, note: next?.checkpoint.note } })
    expect(head.public_key).toMatch(new RegExp(`^clasper/${tenant.id}\\+[0-9a-f]{8}\\+`))
  })

  test('two workers at once leave one checkpoint', async () => {
    const tenant = await newTenant('twice')
    await tenant.scope.command({ audit: [{ event: 'auth_success' }] })
    const sealed = await Promise.all([sealAudit(tenant.scope), sealAudit(tenant.scope)])
    expect(sealed.map((one) => one?.checkpoint.size)).toEqual([1, 1])
    const count = await kernel().db.reader.auditCheckpoint.count({ where: { tenantId: tenant.id } })
    expect(count).toBe(1)
  })

  test('the webhook gets the note until it has taken it', async () => {
    const tenant = await newTenant('hook')
    await tenant.scope.command({ audit: [{ event: 'auth_success' }] })
    const url = `http://127.0.0.1:${port.now}/checkpoints`
    const sealed = await sealAudit(tenant.scope)
    status = 503
    await expect(postNote(url, sealed?.checkpoint.note ?? '', tenant.scope.signal)).rejects.toMatchObject({
      code: 'unavailable',
    })
    status = 200
    await postNote(url, sealed?.checkpoint.note ?? '', tenant.scope.signal)
    expect(received.at(-1)).toBe(sealed?.checkpoint.note)
    expect(await publishCheckpoint(tenant.scope)).toMatchObject({ isNew: false })
  })
})

describe('without permission for private addresses', () => {
  useKernel('sqlite', { env: { CLASPER_STATE_DIR: folder } })
  test.each(['http://127.0.0.1:9/', 'http://[::1]:9/', 'http://localhost:9/'])('%s is not called', async (url) => {
    writeFileSync(join(folder, 'x'), '')
    const call = postNote(url, 'note', new AbortController().signal)
    await expect(call).rejects.toThrow(/private address/)
  })
})
