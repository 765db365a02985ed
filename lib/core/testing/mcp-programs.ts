import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { stringify } from 'yaml'
import { agentToken } from '@/lib/auth'
import { backendFor } from '@/lib/control-plane'
import { type Toolbox, type ToolOutcome, toolsFor } from '@/lib/tools'
import { newTenant, type TestTenant } from './kernel'

export const HOSTILE_PROGRAM = resolve('e2e/clients/hostile-mcp.mjs')
export const NEVER = new AbortController().signal

type Declared = Record<string, unknown>

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Resolves once no such process is left. */
export const goneFor = (pid: number | undefined): Promise<void> =>
  vi.waitFor(() => expect(pid !== undefined && !isAlive(pid)).toBe(true), { timeout: 8_000, interval: 50 })

export const isRunning = isAlive

/** A tenant for each test, and a file in which the hostile program writes down what it does. */
export const useMcpPrograms = () => {
  const state = { folder: '', file: '', tenant: null as TestTenant | null }
  beforeEach(async () => {
    state.folder = realpathSync(mkdtempSync(join(tmpdir(), 'clasper-mcp-')))
    state.file = join(state.folder, 'seen')
    state.tenant = await newTenant()
  })
  afterEach(() => rmSync(state.folder, { recursive: true, force: true }))

  const tenant = (): TestTenant => state.tenant ?? expect.unreachable()
  const seen = (): string[] => (existsSync(state.file) ? readFileSync(state.file, 'utf8').trim().split('\n') : [])
  const pidsOf = (word: string): number[] =>
    seen().flatMap((line) => (line.startsWith(`${word} `) ? [Number(line.slice(word.length + 1))] : []))
  const stdio = (mode: string, more: Declared = {}): Declared => ({
    transport: 'stdio',
    command: process.execPath,
    args: [HOSTILE_PROGRAM, mode, state.file],
    ...more,
  })
  const open = async (servers: object | string, grants = ['mcp:*'], scope = tenant().scope): Promise<Toolbox> => {
    const token = await agentToken(scope, { userId: 'u', role: 'agent' })
    const agent = { userId: 'u', role: 'agent', traceId: scope.traceId, workspaceId: 'default', token, signal: NEVER }
    const texts = new Map([['mcp.yaml', typeof servers === 'string' ? servers : stringify({ servers })]])
    const bundle = { toolGrants: grants, httpTools: [], workspaceId: 'default', folder: { texts } }
    return toolsFor(scope, { bundle, backend: backendFor(scope, agent) })
  }
  return { state, tenant, seen, pidsOf, stdio, open }
}

const PLACE = { role: 'agent', workspaceId: 'default', environment: 'default' }

export const callTool = (box: Toolbox, name: string, args: object = {}, signal = NEVER): Promise<ToolOutcome> =>
  box.call({ id: 'c', name, arguments: { ...args } }, { traceId: 'trace', taskId: null, signal, place: PLACE })

/** By their own names, whatever a model knows them by. */
export const toolNames = ({ specs, nameOf }: Toolbox): string[] => specs.map(({ name }) => nameOf(name)).sort()

export const MCP_ENV = {
  CLASPER_MODE: 'permissive',
  CLASPER_TOOL_TIMEOUT_MS: '4000',
  CLASPER_MCP_LIST_TIMEOUT_MS: '10000',
  BACKEND_URL: 'http://127.0.0.1:9',
}
