import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { composePrompt, loadBundle, type SmartWishes } from '.'

const skill = (name: string, description: string, body: string, extra = '') =>
  `---\nname: ${name}\ndescription: ${description}\n${extra}---\n${body}`

const FILES = {
  'AGENTS.md': 'The rules.',
  'MEMORY.md': `${'The alpha project ships in May. '.repeat(30)}\n\n${'Gardens need water in summer. '.repeat(40)}`,
  'skills/refund/SKILL.md': skill('refund', 'Money back for customers', 'Steps of a refund.'),
  'skills/parcel/SKILL.md': skill('parcel', 'Where a delivery is', 'Steps of a parcel search.'),
  'skills/tone/SKILL.md': skill('tone', 'How we write', 'Short sentences.', 'metadata: {"openclaw":{"always":true}}\n'),
}

// Meaning by a handful of topics: close enough to prove what is done with vectors.
const TOPICS = [/refund|money|cash/i, /parcel|delivery|package/i, /alpha/i, /garden|water|plants/i]
const vectorOf = (text: string) => [...TOPICS.map((topic) => (topic.test(text) ? 1 : 0)), 0.01]

type Embedder = { server: Server; url: string; asked: string[][]; fails: boolean }

const startEmbedder = async (): Promise<Embedder> => {
  const state: Embedder = { server: createServer(), url: '', asked: [], fails: false }
  state.server.on('request', async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] }
    state.asked.push(input)
    if (state.fails) return reply.writeHead(500).end()
    const data = input.map((text, index) => ({ index, embedding: vectorOf(text) }))
    reply.writeHead(200, { 'content-type': 'application/json' })
    reply.end(JSON.stringify({ data, usage: { prompt_tokens: input.length } }))
  })
  await new Promise<void>((done) => state.server.listen(0, '127.0.0.1', done))
  state.url = `http://127.0.0.1:${(state.server.address() as AddressInfo).port}/v1`
  return state
}

const words = {
  CLASPER_SMART_CONTEXT: 'true',
  CLASPER_SMART_CONTEXT_MAX_SKILLS: '1',
  CLASPER_SMART_CONTEXT_MAX_MEMORY: '1',
}

type Ask = (message: string, smart?: SmartWishes) => ReturnType<typeof composePrompt>

const useSmart = (env: () => Record<string, string>): { ask: Ask; folder: () => TestFolder } => {
  const root = useFolder()
  useKernel('sqlite', {
    get env() {
      return { ...words, ...env(), CLASPER_WORKSPACE: root.at('none'), CLASPER_WORKSPACES: root.path }
    },
  })
  const held: { tenant?: TestTenant; folder: TestFolder } = { folder: root }
  beforeEach(async () => {
    held.tenant = await newTenant('smart')
    held.folder = root.below(`${held.tenant.id}/default`)
    held.folder.write(FILES)
  })
  const ask: Ask = async (message, smart = {}) => {
    if (!held.tenant) throw new Error('no tenant')
    const { scope } = held.tenant
    return composePrompt(scope, await loadBundle(scope), { role: 'agent', isHeartbeat: false, message, smart })
  }
  return { ask, folder: () => held.folder }
}

describe('words', () => {
  const { ask, folder } = useSmart(() => ({}))
  it('sends the catalog, what fits the message, and what is always in', async () => {
    const { system, notes } = await ask("I'd like my money back, please?")
    expect(notes.smart).toEqual({ skills: ['tone', 'refund'], memory: [] })
    expect(system).toContain('## Available Skills\n\n<available_skills>')
    expect(system).toContain('<name>parcel</name>')
    expect(system).toContain('## Skills\n\n### tone\n\nShort sentences.\n\n---\n\n### refund\n\nSteps of a refund.')
    expect(system).not.toContain('Steps of a parcel')
    expect(system.indexOf('The rules.')).toBeLessThan(system.indexOf('## Available Skills'))
  })

  it('sends the memory that fits, in place of all of it', async () => {
    const { system, notes } = await ask('what is alpha')
    expect(notes.smart?.memory).toEqual(['MEMORY.md#0'])
    expect(system).toContain('## Relevant Memory\n\n### MEMORY.md\n\nThe alpha project ships in May.')
    expect(system).not.toMatch(/Gardens|Long-term Memory/)
  })

  it('includes what is forced, names what does not exist, and keeps limits of the run', async () => {
    const { notes } = await ask('alpha water', {
      forceIncludeSkills: ['parcel', 'nobody'],
      smart_context_max_skills: 0,
      smart_context_max_memory: 2,
    })
    expect(notes.smart).toMatchObject({ skills: ['parcel', 'tone'], unknown_skills: ['nobody'] })
    expect(notes.smart?.memory).toHaveLength(2)
  })

  it('stays within a budget of tokens', async () => {
    expect((await ask('refund alpha', { smart_context_token_budget: 10 })).notes.smart).toMatchObject({
      skills: ['tone', 'refund'],
      memory: [],
    })
    expect((await ask('refund alpha', { smart_context_token_budget: 0 })).notes.smart?.memory).toHaveLength(1)
  })

  it('can be skipped by a run', async () => {
    const { system, notes } = await ask('refund', { skipSmartContext: true })
    expect(notes.smart).toBeUndefined()
    expect(system).toContain('### Long-term Memory')
  })

  it('sends everything when the index fails, and says so', async () => {
    const bundle = { ...FILES, 'AGENTS.md': 'Other rules.' }
    folder().write(bundle)
    const broken = await ask('refund', {
      get forceIncludeSkills(): string[] {
        throw new Error('broken')
      },
    } as SmartWishes)
    expect(broken.notes.smart).toEqual({ skills: [], memory: [], fallback: 'The index failed; everything was sent' })
    expect(broken.system).toContain('### Long-term Memory')
  })
})

describe('meaning', () => {
  const house: { embedder?: Embedder } = {}
  beforeAll(async () => {
    house.embedder = await startEmbedder()
  })
  afterAll(() => void house.embedder?.server.close())
  const { ask } = useSmart(() => ({
    CLASPER_EMBEDDING_PROVIDER: 'openai',
    LLM_BASE_URL_OPENAI: house.embedder?.url ?? '',
  }))
  it('finds by meaning what no word names, and asks once for each text', async () => {
    const { notes } = await ask('I want cash')
    expect(notes.smart).toMatchObject({ skills: ['tone', 'refund'] })
    expect(notes.smart?.embedding).toMatchObject({ model: 'text-embedding-3-small' })
    expect(notes.smart?.embedding?.input_tokens).toBeGreaterThan(1)
    expect((await ask('I want cash')).notes.smart?.embedding?.input_tokens).toBe(0)
    expect((await ask('Plants are dry')).notes.smart?.embedding?.input_tokens).toBe(1)
  })

  it('goes by words alone while the endpoint fails, and says so', async () => {
    if (house.embedder) house.embedder.fails = true
    const { notes, system } = await ask('a refund after the failure')
    if (house.embedder) house.embedder.fails = false
    expect(notes.smart).toMatchObject({ skills: ['tone', 'refund'], embedding_error: expect.any(String) })
    expect(system).toContain('Steps of a refund.')
  })
})
