import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { startMockProvider } from './start-mock-provider'

const post = (url: string) => fetch(url, { method: 'POST', body: '{"model":"m"}' })

it.each([
  ['/v1/responses', 'event: response.completed'],
  ['/v1/messages', 'event: message_stop'],
  ['/v1beta/models/m:streamGenerateContent?alt=sse', '"finishReason":"STOP"'],
  ['/openai/v1/chat/completions', 'data: [DONE]'],
])('%s is answered in its own protocol', async (path, ending) => {
  const mock = await startMockProvider()
  const reply = await post(`${mock.url}${path}`)
  expect(reply.headers.get('content-type')).toBe('text/event-stream')
  expect(await reply.text()).toContain(ending)
  expect(mock.requests()).toMatchObject([{ path, body: { model: 'm' } }])
  await mock.close()
})

it('answers what was scripted, in order, then as usual', async () => {
  const mock = await startMockProvider()
  mock.script({ status: 429, retryAfter: 7 }, { text: 'second' })
  const refused = await post(`${mock.url}/v1/chat/completions`)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
  expect(await (await post(`${mock.url}/v1/chat/completions`)).text()).toContain('second')
  expect(await (await post(`${mock.url}/v1/chat/completions`)).text()).toContain(' mock')
  await mock.close()
})

it('runs as a process of its own', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/core/testing/mock-provider/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const { url } = JSON.parse(String(line)) as { url: string }
  expect((await post(`${url}/v1/messages`)).status).toBe(200)
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})
