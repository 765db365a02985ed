import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { GET } from '@/app/(api)/api/compatibility/route'
import { createReferenceBackend } from '@/examples/mission-control-lite/server'
import { installKernel } from '@/lib/core/kernel'
import { freshDatabase } from '@/lib/core/testing/database'
import { testKernel } from '@/lib/core/testing/kernel'
import { parseVersion } from './contract-version'

const SECRET = 'a'.repeat(40)
const KEY = 'daemon-key-of-the-tests'
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const houseFor = async (backendUrl: string) => {
  const database = await freshDatabase('sqlite')
  const env = {
    BACKEND_URL: backendUrl,
    AGENT_DAEMON_API_KEY: KEY,
    AGENT_JWT_SECRET: SECRET,
    CLASPER_BACKEND_ATTEMPTS: '1',
  }
  const made = installKernel(testKernel(database.url, { env }))
  closers.push(async () => {
    await made.stop()
    await database.close()
  })
}

const backendThat = async (answers: Record<string, unknown>) => {
  const server = createServer((request, response) => {
    const body = answers[request.url ?? '']
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body ?? { error: 'not found' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const inspect = async (query = '', key = KEY) => {
  const headers = { 'x-agent-daemon-key': key }
  const reply = await GET(new Request(`http://clasper/api/compatibility${query}`, { headers }))
  return { status: reply.status, body: await reply.json() }
}

const FEATURES = { tasks: true, messages: true, documents: true }
const TOOLS = { '/api/tools': { tools: [] } }
const says = (contract_version: string, features: object = FEATURES) => ({
  '/api/mission-control/capabilities': { contract_version, features },
})

describe('the reference backend', () => {
  it('fits, in every detail', async () => {
    const backend = await createReferenceBackend({ agentJwtSecret: SECRET })
    closers.push(() => backend.close())
    await houseFor(backend.url)
    const { status, body } = await inspect(`?control_plane_url=${encodeURIComponent(`${backend.url}/anything`)}`)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        compatible: true,
        clasper_contract_version: '1.1.0',
        clasperContractVersion: '1.1.0',
        control_plane_contract_version: '1.1.0',
        warnings: [],
        missing_features: [],
      },
    })
    expect(body).not.toHaveProperty('error')
  })
})

describe('other backends', () => {
  it.each([
    ['v1 alone', { ...says('v1'), ...TOOLS }, 200, '1.0.0', []],
    ['a full version', { ...says('1.7.2'), ...TOOLS }, 200, '1.7.2', []],
    ['v2', says('v2'), 503, '2.0.0', []],
    ['0.9.0', says('0.9.0'), 503, '0.9.0', []],
    ['nonsense', says('one'), 503, null, []],
    ['no messages', says('v1', { tasks: true }), 503, '1.0.0', ['message_post']],
    [
      'only the older question',
      {
        '/api/capabilities': {
          version: '3',
          contract_version: '1.0.0',
          features: ['task_list', 'task_create', 'message_post'],
        },
      },
      200,
      '1.0.0',
      [],
    ],
  ])('with %s', async (_name, answers, status, version, missing) => {
    await houseFor(await backendThat(answers))
    const found = await inspect()
    expect(found.status).toBe(status)
    expect(found.body).toMatchObject({
      compatible: status === 200,
      control_plane_contract_version: version,
      missing_features: missing,
      missingFeatures: missing,
    })
    expect('error' in found.body).toBe(status !== 200)
  })

  it('warn of what is optional and missing', async () => {
    await houseFor(await backendThat(says('v1', { tasks: true, messages: true })))
    const { status, body } = await inspect()
    expect(status).toBe(200)
    expect(body.warnings.join()).toMatch(/document_post.*tool_discover.*tool_execute/)
  })

  it('do not count the tools that they only promise', async () => {
    const promised = { '/api/capabilities': { features: ['tool_discover', 'tool_execute'] } }
    await houseFor(await backendThat({ ...says('v1'), ...promised }))
    expect((await inspect()).body.warnings.join()).toMatch(/tool_discover.*tool_execute/)
  })

  it('are 503 with the full body when they are away', async () => {
    await houseFor('http://127.0.0.1:1')
    const { status, body } = await inspect()
    expect(status).toBe(503)
    expect(body).toMatchObject({ compatible: false, control_plane_contract_version: null, error: expect.any(String) })
    expect(body.missing_features).toEqual(['task_list', 'task_create', 'message_post'])
  })
})

describe('who asks for what', () => {
  it.each(['http://elsewhere.example', 'http://127.0.0.1:2', 'https://127.0.0.1:1', 'nonsense'])(
    'refuses to look at %s',
    async (url) => {
      await houseFor('http://127.0.0.1:1')
      expect((await inspect(`?control_plane_url=${encodeURIComponent(url)}`)).status).toBe(400)
    },
  )

  it('needs a credential', async () => {
    await houseFor('http://127.0.0.1:1')
    expect((await inspect('', 'wrong')).status).toBe(403)
  })
})

describe('versions', () => {
  it.each([
    ['v1', '1.0.0'],
    ['1', '1.0.0'],
    ['v1.2', '1.2.0'],
    ['1.1.0', '1.1.0'],
    ['1.1.0-beta.1', '1.1.0'],
    ['', null],
    ['latest', null],
    ['1.1.0.0', null],
  ])('%s is read as %s', (text, read) => {
    expect(parseVersion(text)?.text ?? null).toBe(read)
  })
})
