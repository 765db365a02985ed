import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { monotonicMs } from '@/lib/core/clock'
import { modelKernel, ONE_PER_PROTOCOL, outcomesOf, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import { mockKey, mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { callModel, type ModelCall } from '.'

type Protocol = (typeof ONE_PER_PROTOCOL)[number]['protocol']
type Answer = (response: ServerResponse) => void

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const ask = async (model: string, answer: Answer, over: Partial<ModelCall> = {}, env: Record<string, string> = {}) => {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => answer(response))
  })
  stops.push(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  modelKernel({ ...mockSurroundings(`http://127.0.0.1:${port}`), CLASPER_RETRY_ATTEMPTS: '1', ...env })
  return callModel(sampleCall(model, { deadlineMs: 30_000, ...over }))
}

const PATIENT = { CLASPER_MODEL_HEADER_MS: '20000', CLASPER_MODEL_IDLE_MS: '20000' }

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
const event = (type: string, fields: object): string => `event: ${type}\n${data({ type, ...fields })}`
const chat = (delta: object, finish: string | null = null): string =>
  data({
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })

const ITEM = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'write', status: 'in_progress' }
const START = {
  message: {
    id: 'm',
    type: 'message',
    role: 'assistant',
    content: [],
    model: 'm',
    usage: { input_tokens: 9, output_tokens: 1 },
  },
}

// A tool call whose arguments come in the pieces given, with something else after each of them.
const inPieces: Readonly<
  Record<Exclude<Protocol, 'google'>, (pieces: readonly string[], between: string) => string[]>
> = {
  responses: (pieces, between) => [
    event('response.created', { response: { id: 'r' } }),
    event('response.output_item.added', { output_index: 0, item: { ...ITEM, arguments: '' } }),
    ...pieces.map(
      (delta) => event('response.function_call_arguments.delta', { item_id: 'fc_1', output_index: 0, delta }) + between,
    ),
    event('response.output_item.done', { output_index: 0, item: { ...ITEM, arguments: pieces.join('') } }),
    event('response.completed', {
      response: { id: 'r', status: 'completed', usage: { input_tokens: 9, output_tokens: 9 } },
    }),
  ],
  messages: (pieces, between) => [
    event('message_start', START),
    event('content_block_start', { index: 0, content_block: { type: 'tool_use', id: 'c1', name: 'write', input: {} } }),
    ...pieces.map(
      (partial_json) =>
        event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json } }) + between,
    ),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } }),
    event('message_stop', {}),
  ],
  chat: (pieces, between) => [
    chat({ tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'write', arguments: '' } }] }),
    ...pieces.map((text) => chat({ tool_calls: [{ index: 0, function: { arguments: text } }] }) + between),
    chat({}, 'tool_calls'),
    'data: [DONE]\n\n',
  ],
  mistral: (pieces, between) => [
    ...pieces.map(
      (text) => chat({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'write', arguments: text } }] }) + between,
    ),
    chat({}, 'tool_calls'),
    'data: [DONE]\n\n',
  ],
}

const speak =
  (frames: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(frames.join(''))
  }

const cut = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size))

const WITH_PIECES = ONE_PER_PROTOCOL.flatMap(({ protocol, model }) =>
  protocol === 'google' ? [] : [{ protocol, model }],
)
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

describe.each(WITH_PIECES)('$protocol', ({ protocol, model }) => {
  const frames = inPieces[protocol]

  it('arguments in very small pieces cost no more than their length', async () => {
    const small = JSON.stringify({ text: 'é"\\'.repeat(3_000) })
    const large = JSON.stringify({ text: 'é"\\'.repeat(24_000) })
    const spent: number[] = []
    for (const text of [small, large]) {
      const began = process.cpuUsage()
      const answer = await ask(model, speak(frames(cut(text, 4), ': still here\n\n')), {}, PATIENT)
      const { user, system } = process.cpuUsage(began)
      spent.push((user + system) / 1_000)
      expect(answer.ok ? answer.toolCalls : answer).toMatchObject([{ name: 'write', arguments: JSON.parse(text) }])
    }
    console.log(`${protocol}: ${small.length} characters ${spent[0]} ms, ${large.length} characters ${spent[1]} ms`)
    expect(spent[1]).toBeLessThan(4_000)
  })

  it('what is between the pieces keeps its place', async () => {
    const between = {
      responses: event('response.in_progress', {}),
      messages: event('ping', {}),
      chat: chat({ content: 'x' }),
      mistral: chat({ content: 'x' }),
    }
    const answer = await ask(model, speak(frames(cut('{"a":[1,2,3]}', 3), between[protocol])))
    expect(answer).toMatchObject({ ok: true, toolCalls: [{ arguments: { a: [1, 2, 3] } }] })
    if (protocol === 'chat' || protocol === 'mistral') expect(answer).toMatchObject({ text: 'xxxxx' })
  })

  it('arguments without end are no call, and are paid by what came', async () => {
    const answer = await ask(model, speak(frames(cut(`{"a":"${'x'.repeat(700_000)}"}`, 50_000), '')), {}, PATIENT)
    expect(answer.attempts).toMatchObject([{ outcome: 'invalid_tool_call', billable: 'estimated', isEstimated: true }])
    expect(answer.attempts[0]?.usage.output).toBeGreaterThan(150_000)
  })

  it.each([[65], [200_000]])('arguments of %i levels are no call', async (levels) => {
    const answer = await ask(model, speak(frames(cut(nested(levels), 10_000), '')), {}, PATIENT)
    expect(outcomesOf(answer.attempts)).toEqual([
      levels > 100_000 ? expect.stringMatching(/invalid/) : 'invalid_tool_call',
    ])
  })

  it('an answer torn off among the arguments is paid by what came', async () => {
    const half = frames(cut(`{"a":"${'x'.repeat(4_000)}"}`, 10), '')
      .slice(0, 300)
      .join('')
    const answer = await ask(model, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(half)
      setTimeout(() => response.destroy(), 30)
    })
    expect(answer.ok).toBe(false)
    expect(answer.attempts[0]).toMatchObject({ billable: 'estimated' })
    expect(answer.attempts[0]?.usage.output).toBeGreaterThan(600)
  })
})

describe.each(ONE_PER_PROTOCOL)('$protocol', ({ protocol, model }) => {
  it('a provider that only comments is silent', async () => {
    const answer = await ask(
      model,
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const timer = setInterval(() => response.write(protocol === 'chat' ? chat({ content: '' }) : ': wait\n\n'), 50)
        response.on('close', () => clearInterval(timer))
      },
      { deadlineMs: 5_000 },
    )
    expect(outcomesOf(answer.attempts)).toEqual(['timeout_idle'])
  })

  it('a refusal without end is read to a point', async () => {
    const began = monotonicMs()
    const answer = await ask(
      model,
      (response) => {
        response.writeHead(400, { 'content-type': 'application/json' })
        const timer = setInterval(() => response.write('x'.repeat(65_536)), 1)
        response.on('close', () => clearInterval(timer))
      },
      { deadlineMs: 5_000 },
    )
    expect(outcomesOf(answer.attempts)).toEqual(['bad_request'])
    expect(monotonicMs() - began).toBeLessThan(3_000)
  })

  it('the key is not told in any of its forms', async () => {
    const [provider = ''] = model.split('/')
    const key = mockKey(provider === 'google' ? 'GOOGLE' : provider)
    const forms = [key, ...[0, 1, 2].map((at) => Buffer.from(`${'ab'.slice(0, at)}${key}::`).toString('base64'))]
    const answer = await ask(model, (response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { code: 400, message: forms.join(' , ') } }))
    })
    const reason = answer.attempts[0]?.reason ?? ''
    for (const form of forms) expect(reason).not.toContain(form)
    expect(reason).toContain('API_KEY')
  })
})

it.each([[65], [6_000]])('Google: arguments of %i levels are no call', async (levels) => {
  const call = `{"functionCall":{"name":"write","args":${nested(levels)}}}`
  const frame = `data: {"candidates":[{"content":{"role":"model","parts":[${call}]},"finishReason":"STOP"}]}\n\n`
  const answer = await ask('google/gemini-2.5-flash', speak([frame]))
  expect(outcomesOf(answer.attempts)).toEqual(['invalid_tool_call'])
})

it('an answer of more than four million characters is ended', async () => {
  const frames = Array.from({ length: 90 }, () => chat({ content: 'x'.repeat(50_000) }))
  const answer = await ask('groq/llama-3.3-70b-versatile', speak(frames), {}, PATIENT)
  expect(answer.attempts).toMatchObject([{ outcome: 'unmetered_cut', billable: 'estimated' }])
})

const forged = {
  type: 'response.incomplete',
  incomplete_details: { reason: 'max_output_tokens' },
  usage: { input_tokens: 1, output_tokens: 1 },
}

it('the tools that OpenAI echoes make no end and no usage', async () => {
  const text = 'x'.repeat(4_000)
  const answer = await ask(
    'openai/gpt-4o-mini',
    speak([
      event('response.created', { response: { id: 'r', tools: [{ parameters: forged }] } }),
      event('response.output_item.added', {
        output_index: 0,
        item: { type: 'message', id: 'm', role: 'assistant', content: [] },
      }),
      event('response.content_part.added', {
        output_index: 0,
        content_index: 0,
        part: { type: 'output_text', text: '' },
      }),
      event('response.output_text.delta', { output_index: 0, content_index: 0, delta: text }),
      event('response.completed', {
        response: { id: 'r', status: 'completed', usage: { input_tokens: 20_000, output_tokens: 1_000 } },
      }),
    ]),
  )
  expect(answer).toMatchObject({
    ok: true,
    finish: 'stop',
    isEstimated: false,
    usage: { input: 20_000, output: 1_000 },
  })
})

it.each([
  ['window', 2 * 128_000 + 1, 5],
  ['output', 20, 100_001],
  ['2^31', 2 ** 31, 2 ** 31],
])('a usage beyond the model (%s) is not believed', async (_, input_tokens, output_tokens) => {
  const answer = await ask(
    'openai/gpt-4o-mini',
    speak([
      event('response.created', { response: { id: 'r' } }),
      event('response.output_item.added', {
        output_index: 0,
        item: { type: 'message', id: 'm', role: 'assistant', content: [] },
      }),
      event('response.content_part.added', {
        output_index: 0,
        content_index: 0,
        part: { type: 'output_text', text: '' },
      }),
      event('response.output_text.delta', { output_index: 0, content_index: 0, delta: 'Hello you' }),
      event('response.completed', {
        response: { id: 'r', status: 'completed', usage: { input_tokens, output_tokens } },
      }),
    ]),
  )
  expect(answer).toMatchObject({ ok: true, isEstimated: true, usage: { input: 7, output: 3 } })
})
