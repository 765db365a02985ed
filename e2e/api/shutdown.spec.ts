import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { freePort } from '../../lib/cli/demo/ports'
import { serverOf } from '../../lib/cli/demo/program'
import { keepSecrets } from '../../lib/cli/demo/secrets'
import { launch, type Service } from '../../lib/cli/demo/service-process'
import { surroundingsOf } from '../../lib/cli/demo/surroundings'
import { waitFor } from '../../lib/cli/demo/wait-for'
import { openSqlite } from '../../lib/core/sqlite/open'
import { listenToSocket, listenToStream } from '../../lib/core/testing/live-client'
import { sessionOf } from '../fixtures/sign-in'
import type { Site } from '../fixtures/stacks'
import { expect, test } from '../fixtures/test'

// A server of its own on the database of the others, because this one is told to leave.
const root = process.cwd()
const HOST = '127.0.0.1'
const DEADLINE_MS = 8_000

type Running = { service: Service; url: string; database: string; key: string }

const start = async (home: string, { url: publicUrl, issuer, backendUrl }: Site): Promise<Running> => {
  const port = await freePort()
  const database = join(home, 'e2e.db')
  const secrets = keepSecrets(home)
  const place = { home, host: HOST, port, publicUrl, issuer, backendUrl, databaseUrl: `file:${database}` }
  const surroundings = surroundingsOf({ ...place, workspace: join(home, 'workspace'), nodeEnv: 'production' }, secrets)
  const { command, args } = serverOf(root, false)
  const service = launch({
    name: 'The server that leaves',
    command,
    args,
    cwd: root,
    env: { ...surroundings, CLASPER_SHUTDOWN_MS: String(DEADLINE_MS) },
    logFile: join(home, 'leaving.log'),
  })
  const url = `http://${HOST}:${port}`
  await waitFor(service, `${url}/readyz`, 60_000)
  return { service, url, database, key: secrets.service_key }
}

// A request whose body comes in two halves: whatever happens in between happens while it is running.
const halfSent = ({ url, key }: Running) => {
  const headers = { 'x-agent-daemon-key': key, 'content-type': 'application/json', 'content-length': '2' }
  const call = httpRequest(`${url}/audit/verify`, { method: 'POST', headers })
  const status = new Promise<number>((resolve, reject) => {
    call.on('response', (reply) => {
      reply.resume()
      resolve(reply.statusCode ?? 0)
    })
    call.on('error', reject)
  })
  call.write('{')
  return { status, finish: () => call.end('}') }
}

const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  )

const instanceOf = async ({ url, key }: Running): Promise<string> => {
  const reply = await fetch(`${url}/health`, { headers: { 'x-agent-daemon-key': key } })
  return ((await reply.json()) as { instance: { id: string } }).instance.id
}

const saidOf = (database: string, instance: string): string[] => {
  const db = openSqlite(database, { mode: 'read' })
  const sql = `SELECT "eventType" FROM "AuditEntry" WHERE "tenantId" = 'system' AND "entityId" = ? ORDER BY "seq"`
  const rows = db.prepare(sql).all(instance) as { eventType: string }[]
  db.close()
  return rows.map(({ eventType }) => eventType)
}

test('a server that is told to leave finishes, says goodbye, and leaves in time', async ({ site, browser }) => {
  const running = await start(join(root, '.cache/e2e', site.project), site)
  const instance = await instanceOf(running)
  const cookies = await sessionOf(browser, site, 'operator')
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const stream = await listenToStream(`${running.url}/ops/api/events`, { cookie })
  const socket = await listenToSocket(`${running.url}/ops/api/events/ws`, { cookie, origin: site.url })
  expect([stream.status, socket.status]).toEqual([200, 101])
  const slow = halfSent(running)
  await expect.poll(() => statusOf(`${running.url}/livez`)).toBe(200)

  const began = performance.now()
  running.service.kill('SIGTERM')
  await stream.ended
  expect(stream.heard.at(-1)).toMatchObject({ event: 'error', data: { code: 'shutting_down' } })
  expect((await socket.closed).code).toBe(1001)
  await expect.poll(() => statusOf(`${running.url}/readyz`)).not.toBe(200)
  expect(running.service.isRunning()).toBe(true)
  slow.finish()
  expect(await slow.status).toBe(200)
  expect(await running.service.ended).toBe(0)
  expect(performance.now() - began).toBeLessThan(DEADLINE_MS)
  expect(saidOf(running.database, instance)).toEqual(['system_startup', 'system_shutdown'])
})
