import { callLibrary } from './run-call'
import { BODY, MAX_TOKENS, MESSAGE, MODEL, TEMPERATURE } from './run-case'
import { percentile } from './run-load'

export type FirstToken = { name: string; p50: number; p95: number; addedP50: number; addedP95: number }

const PAIRS = 300
const WARM_UP = 60

type Ask = () => Promise<number>

// Until the first bytes that hold text of the answer; the rest is read, so that connections are kept.
const untilSeen = async (reply: Response, began: number, mark: string): Promise<number> => {
  if (!reply.ok || !reply.body) throw new Error(`The answer was ${reply.status}`)
  let seen = ''
  let at = 0
  for await (const bytes of reply.body as unknown as AsyncIterable<Uint8Array>) {
    seen += Buffer.from(bytes).toString('latin1')
    if (at === 0 && seen.includes(mark)) at = performance.now()
  }
  if (at === 0) throw new Error('No text came')
  return at - began
}

const post = async (url: string, headers: Record<string, string>, body: string, mark: string): Promise<number> => {
  const began = performance.now()
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  return untilSeen(reply, began, mark)
}

const direct = (providerUrl: string, system: string): Ask => {
  const input = [
    { role: 'system', content: system },
    { role: 'user', content: [{ type: 'input_text', text: MESSAGE }] },
  ]
  const body = { model: MODEL.id, input, stream: true, max_output_tokens: MAX_TOKENS, temperature: TEMPERATURE }
  const text = JSON.stringify(body)
  return () => post(`${providerUrl}/v1/responses`, { authorization: 'Bearer bench-key' }, text, 'output_text.delta')
}

const byLibrary = (providerUrl: string, system: string): Ask => {
  return async () => {
    const began = performance.now()
    let at = 0
    for await (const event of callLibrary(providerUrl, system))
      if (event.type === 'text_delta' && at === 0) at = performance.now()
    return at - began
  }
}

const through = (url: string, key: string): Ask => {
  return () => post(`${url}/api/agents/stream`, { 'x-agent-daemon-key': key }, BODY, 'event: chunk')
}

type Sides = { providerUrl: string; system: string; plainUrl: string; productUrl: string; key: string }

// One after the other and in turn, so that what disturbs one disturbs all.
export const firstTokens = async ({ providerUrl, system, plainUrl, productUrl, key }: Sides): Promise<FirstToken[]> => {
  const asks: [string, Ask][] = [
    ['fetch alone', direct(providerUrl, system)],
    ['the library alone', byLibrary(providerUrl, system)],
    ['plain server, three commits', through(plainUrl, key)],
    ['Clasper', through(productUrl, key)],
  ]
  const times = asks.map((): number[] => [])
  for (let pair = -WARM_UP; pair < PAIRS; pair++)
    for (const [at, [, ask]] of asks.entries()) {
      const ms = await ask()
      if (pair >= 0) times[at]?.push(ms)
    }
  const bare = times[0] ?? []
  return asks.map(([name], at) => {
    const own = times[at] ?? []
    const added = own.map((ms, pair) => ms - (bare[pair] ?? 0))
    return {
      name,
      p50: percentile(own, 0.5),
      p95: percentile(own, 0.95),
      addedP50: percentile(added, 0.5),
      addedP95: percentile(added, 0.95),
    }
  })
}
