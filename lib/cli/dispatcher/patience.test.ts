import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseEnv } from '@/lib/core/env'
import { takeTurn } from './loop'
import { newPatience } from './patience'

type World = {
  url: string
  close: () => Promise<unknown>
  seen: string[]
  waiting: string[]
  answers: { agent: number; deliver: number }
}

const startWorld = async (): Promise<World> => {
  const world = { seen: [] as string[], waiting: [] as string[], answers: { agent: 200, deliver: 200 } }
  const server = createServer((request, response) => {
    const url = request.url ?? ''
    const told = url.includes('/undelivered')
    if (!told) world.seen.push(url.replace(/^.*(\/send|\/notifications\/.*)$/, '$1'))
    const delivery = { user_id: 'ada', session_key: 's', content: 'hello' }
    const status = told ? 200 : url.endsWith('/send') ? world.answers.agent : world.answers.deliver
    response
      .writeHead(status)
      .end(JSON.stringify({ deliveries: world.waiting.map((id) => ({ ...delivery, notification_id: id })) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise((resolve) => server.close(resolve))
  return Object.assign(world, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close })
}

describe('a notification that cannot be delivered', () => {
  const at = { ms: 0 }
  let world: World
  let lines: Record<string, unknown>[]
  let turn: () => ReturnType<typeof takeTurn>

  beforeEach(async () => {
    world = await startWorld()
    world.waiting = ['n1']
    lines = []
    const settings = parseEnv({ BACKEND_URL: world.url, AGENT_DAEMON_URL: world.url, INTERNAL_API_TOKEN: 'internal' })
    const err = (line: string) => void lines.push(JSON.parse(line))
    const dispatch = { settings, daemonKey: 'k', signal: new AbortController().signal, out: err, err }
    const patience = newPatience(() => at.ms)
    turn = () => takeTurn(dispatch, patience)
  })
  afterEach(() => world.close())

  const givenUp = () => lines.filter(({ event }) => event === 'dispatcher_gave_up')

  it('waits twice as long after each failure, and is left alone after the eighth', async () => {
    world.answers.agent = 500
    const waits: number[] = []
    for (let n = 0; n < 7; n++) {
      await turn()
      const before = world.seen.length
      const started = at.ms
      while (world.seen.length === before) {
        at.ms += 5_000
        if (at.ms - started >= Math.min(5_000 * 2 ** n, 900_000)) break
        await turn()
      }
      expect(world.seen).toHaveLength(before)
      waits.push(at.ms - started)
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320].map((seconds) => seconds * 1000))
    await turn()
    expect(givenUp()).toEqual([expect.objectContaining({ notification_id: 'n1', failures: 8 })])
    at.ms += 86_400_000
    await turn()
    expect(world.seen).toHaveLength(8)
  })

  it.each([400, 403, 404, 413, 422])('is given up at once when it is refused with %i', async (status) => {
    world.answers.agent = status
    await turn()
    at.ms += 86_400_000
    await turn()
    expect(world.seen).toEqual(['/send'])
    expect(givenUp()).toHaveLength(1)
  })

  it('holds up no other', async () => {
    world.answers.agent = 500
    await turn()
    world.answers.agent = 200
    world.waiting = ['n1', 'n2']
    expect(await turn()).toMatchObject({ delivered: 1, failed: 0 })
  })

  it('is not read twice because the backend did not hear that it was', async () => {
    world.answers.deliver = 500
    await turn()
    world.answers.deliver = 200
    at.ms += 5_000
    expect(await turn()).toMatchObject({ delivered: 1 })
    expect(world.seen.filter((path) => path === '/send')).toHaveLength(1)
  })

  it.each(['.', '..', '\ud800'])('is not begun when its id %j cannot stand in an address', async (id) => {
    world.waiting = [id]
    expect(await turn()).toEqual({ deliveries: 1, delivered: 0, failed: 1 })
    expect(world.seen).toEqual([])
  })
})
