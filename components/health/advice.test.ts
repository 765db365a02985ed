import { describe, expect, it } from 'vitest'
import type { OpsHealth } from '@/lib/jobs/contract/health'
import { adviceFor } from './advice'

const openai = { provider: 'openai', model: 'gpt-4o-mini', has_key: true, key_name: 'OPENAI_API_KEY', is_demo: false }
const AT = '2026-03-01T10:00:00.000Z'

const well: OpsHealth = {
  status: 'ok',
  checked_at: AT,
  instance: { status: 'ok', id: 'i', version: '1', profile: 'production', roles: ['web'], started_at: AT },
  database: { status: 'ok', engine: 'sqlite', version: '3', latency_ms: 1 },
  worker: { status: 'ok', seen_at: AT },
  models: { status: 'ok', default: openai, fallback: null, cheap: null, cooldowns: [], error: null },
  backend: {
    status: 'unchecked',
    url: 'http://b',
    is_resting: false,
    checked_at: null,
    latency_ms: null,
    error: null,
    contract: null,
  },
  workspace: {
    status: 'ok',
    id: 'default',
    hash: 'h',
    path: './workspace',
    max_chars_per_file: 20_000,
    max_total_chars: 60_000,
    total_chars: 10,
    files: [{ name: 'SOUL.md', state: 'whole', raw_chars: 10, injected_chars: 10 }],
    boot_complete: true,
    warnings: [],
    error: null,
  },
  skills: { status: 'ok', enabled: 0, total: 0, off: [], warnings: [] },
  runs: { status: 'ok', since: AT, total: 10, failed: 0, is_capped: false, failures: [] },
}

const saidOf = (change: Partial<OpsHealth>) =>
  adviceFor({ ...well, ...change }).map(({ level, text, remedy }) => `${level}: ${text} ${remedy}`)

describe('what to do about it', () => {
  it('says nothing where nothing is wrong', () => {
    expect(adviceFor(well)).toEqual([])
  })

  it('a missing key is bad alone, and a warning with somebody to stand in', () => {
    const keyless = { ...openai, has_key: false }
    expect(saidOf({ models: { ...well.models, default: keyless } })).toEqual([
      'bad: openai/gpt-4o-mini has no key: no run can be answered. Set OPENAI_API_KEY and restart the server.',
    ])
    const models = { ...well.models, default: keyless, fallback: { ...openai, provider: 'groq', model: 'x' } }
    expect(saidOf({ models })[0]).toMatch(/^warn: .*the fallback answers/)
  })

  it('a pause names the failures', () => {
    const cooldowns = [{ provider: 'openai', model: 'gpt-4o-mini', failures: 5, until: AT }]
    expect(saidOf({ models: { ...well.models, cooldowns } })[0]).toMatch(
      /failed 5 times in a row .*no run can be answered\. Set LLM_MODEL_FALLBACK/,
    )
  })

  it('the demo model is a note, not a fault', () => {
    const demo = { provider: 'demo', model: 'clasper-demo', has_key: true, key_name: null, is_demo: true }
    expect(saidOf({ models: { ...well.models, default: demo } })[0]).toMatch(/^note: The demo model answers/)
  })

  it('the worst comes first', () => {
    const levels = adviceFor({
      ...well,
      workspace: { ...well.workspace, files: [{ name: 'SOUL.md', state: 'cut', raw_chars: 2, injected_chars: 1 }] },
      runs: { ...well.runs, status: 'degraded', failed: 3 },
      backend: { ...well.backend, status: 'error', error: 'does not accept connections' },
      worker: { status: 'degraded', seen_at: null },
    }).map(({ level, part }) => `${level} ${part}`)
    expect(levels).toEqual(['bad Worker', 'bad Backend', 'warn Workspace', 'warn Runs'])
  })
})
