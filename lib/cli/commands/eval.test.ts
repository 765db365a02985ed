import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as cancel from '@/app/(api)/evals/[id]/cancel/route'
import * as compare from '@/app/(api)/evals/[id]/compare/route'
import * as one from '@/app/(api)/evals/[id]/route'
import * as list from '@/app/(api)/evals/route'
import * as runRoute from '@/app/(api)/evals/run/route'
import { SERVICE_KEY, useAgentHouse } from '@/lib/core/testing/agent-house'
import { type ConsoleServer, startConsole } from '@/lib/core/testing/console-server'
import { useFolder } from '@/lib/core/testing/folder'
import { runEvalJob } from '@/lib/jobs/run-eval'
import { createWorker, type Worker } from '@/lib/jobs/worker'
import { evaluate } from './eval'

const CASES = [
  { id: 'fr', input: 'Capital of France?', expected_output: 'Paris' },
  { id: 'it', input: 'Capital of Italy?', expected_output: 'Rome' },
]

describe('clasper eval', () => {
  const house = useAgentHouse('sqlite', {
    env: { CLASPER_DEFAULT_TENANT_ID: 'cli', CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' },
  })
  const root = useFolder()
  let server: ConsoleServer
  let worker: Worker
  const said: string[] = []
  const terminal = { out: (line: string) => void said.push(line), err: () => undefined, cwd: '/' }

  beforeAll(async () => {
    server = await startConsole({
      '/evals/run': runRoute,
      '/evals': list,
      '/evals/[id]': one,
      '/evals/[id]/compare': compare,
      '/evals/[id]/cancel': cancel,
    })
    worker = createWorker({ jobs: [runEvalJob], pollMs: 50 })
    worker.start()
    vi.stubEnv('AGENT_DAEMON_API_KEY', SERVICE_KEY)
    vi.stubEnv('AGENT_DAEMON_URL', server.url)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await worker.stop(5_000)
    await server.close()
  })

  const answers = (text: (question: string) => string) => {
    house.provider.reset()
    house.provider.answer(({ body }) => ({ text: text(JSON.stringify(body)) }))
  }
  beforeEach(() => answers((question) => (question.includes('France') ? 'Paris' : 'Rome')))

  const clasper = async (...words: string[]) => {
    said.length = 0
    const code = await evaluate.run(['run', ...words], terminal)
    return { code, text: said.join('\n') }
  }
  const cases = (): string => {
    const path = root.at('capitals.jsonl')
    writeFileSync(path, CASES.map((line) => JSON.stringify(line)).join('\n'))
    return path
  }
  const idIn = (text: string): string => /eval ([0-9a-f-]{36})/.exec(text)?.[1] ?? ''

  it('runs a file of cases, waits, and passes', async () => {
    const { code, text } = await clasper('--dataset', cases())
    expect(text).toContain('2 passed, 0 failed')
    expect(code).toBe(0)
    expect(text).toContain('pass rate 100.0% (95%:')
  })

  it('fails where a case does, says which, and leaves a report', async () => {
    answers(() => 'Paris')
    const junit = root.at('deep/report.xml')
    const { code, text } = await clasper('--dataset', cases(), '--junit', junit)
    expect(code).toBe(1)
    expect(text).toMatch(/✗ it[\s\S]*expected "Rome"[\s\S]*answered "Paris"/)
    const report = readFileSync(junit, 'utf8')
    expect(report).toContain('tests="2" failures="1"')
    expect(report).toContain('<testcase classname="capitals.jsonl" name="fr"/>')
    expect((await clasper('--dataset', cases(), '--fail-on', 'never')).code).toBe(0)
    expect((await clasper('--dataset', cases(), '--threshold', '0.5')).code).toBe(0)
  })

  it('fails on a regression against a baseline, and on nothing else', async () => {
    answers(() => 'Paris')
    const baseline = idIn((await clasper('--dataset', cases(), '--fail-on', 'never')).text)
    const wish = ['--dataset', cases(), '--fail-on', 'regression', '--baseline'] as const
    // As bad as before is no regression.
    const same = await clasper(...wish, baseline)
    expect({ code: same.code, has: same.text.includes(': unchanged') }).toEqual({ code: 0, has: true })
    answers((question) => (question.includes('France') ? 'Paris' : 'Rome'))
    const better = await clasper(...wish, 'latest')
    expect({ code: better.code, has: better.text.includes(': improved') }).toEqual({ code: 0, has: true })
    answers(() => 'Rome')
    const worse = await clasper(...wish, 'latest', '--junit', root.at('worse.xml'))
    expect(worse.code).toBe(1)
    expect(worse.text).toMatch(/▼ fr +passed → failed/)
    expect(readFileSync(root.at('worse.xml'), 'utf8')).toContain('worse than the baseline')
    const json = await clasper(...wish, baseline, '--json')
    expect(JSON.parse(json.text)).toMatchObject({ comparison: { verdict: 'regressed' } })
  })

  it('a provider that fails is no proof that nothing became worse', async () => {
    const baseline = idIn((await clasper('--dataset', cases())).text)
    house.provider.reset()
    house.provider.answer(() => ({ status: 500 }))
    const { code } = await clasper('--dataset', cases(), '--fail-on', 'regression', '--baseline', baseline)
    expect(code).toBe(1)
  })

  it.each([
    [['--fail-on', 'regression', '--dataset', 'x'], '--baseline'],
    [[], '--dataset or --file'],
    [['--dataset', 'x', '--file', 'evals/x.jsonl'], '--dataset or --file'],
    [['--dataset', 'x', '--repeats', 'many'], '--repeats'],
    [['--dataset', 'x', '--fail-on', 'monday'], '--fail-on'],
    [['--dataset', 'no-such-dataset'], 'not_found'],
    [['--dataset', 'x', '--unknown'], 'unknown'],
  ] as const)('%j is refused with a word about it', async (words, word) => {
    await expect(clasper(...words)).rejects.toThrow(word)
  })
})
