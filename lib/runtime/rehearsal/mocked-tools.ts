import type { Backend, ListedTool } from '@/lib/control-plane'
import { Problem } from '@/lib/shared/problem'
import { type Between, SKILL_READ, ToolFault } from '@/lib/tools'

export type Mock = { returns?: unknown; throws?: string | undefined }

// `none`: what only reads is really called. `all`: every tool says that it was not called. By name: these and no others.
export type Mocks = 'none' | 'all' | Readonly<Record<string, Mock>>

const MOST_THROWN = 2_000

// Nothing that a rehearsal does may change anything there.
const refused = async (): Promise<never> => {
  throw new Problem('control_plane_error', 'A rehearsal changes nothing in the backend.')
}

const SHUT = { resolveTask: refused, postMessage: refused, postDocument: refused, createTask: refused }

const mockOf = (mocks: Mocks, name: string): Mock | undefined =>
  typeof mocks === 'object' && Object.hasOwn(mocks, name) ? mocks[name] : undefined

const madeUp = (name: string): ListedTool => ({
  name,
  description: `The tool ${name}.`,
  parameters: { type: 'object', properties: {}, additionalProperties: true },
})

// A tool that is only mocked is offered too: a test of a skill needs no backend that has it.
const withMocks = (listed: readonly ListedTool[], mocks: Mocks, known: ReadonlySet<string>): readonly ListedTool[] => {
  if (typeof mocks !== 'object') return listed
  const there = new Set([...known, ...listed.map(({ name }) => name)])
  return [
    ...listed,
    ...Object.keys(mocks)
      .filter((name) => !there.has(name))
      .map(madeUp),
  ]
}

type Stage = { mocks: Mocks; known: ReadonlySet<string> }

/** The backend of a rehearsal: it says which tools it has, and lets itself be read where that is wished. */
export const rehearsalBackend = (backend: Backend, { mocks, known }: Stage): Backend => ({
  ...SHUT,
  listTools: async () => {
    try {
      return withMocks(await backend.listTools(), mocks, known)
    } catch (error) {
      const only = withMocks([], mocks, known)
      if (only.length === 0) throw error
      return only
    }
  },
  callTool: mocks === 'none' ? backend.callTool : refused,
  listTasks: mocks === 'none' ? backend.listTasks : refused,
})

const simulated = (name: string) => ({
  value: {
    simulated: true,
    note: `This is a rehearsal: ${name} was not called, and nothing is known of its result. Go on as if it had been done.`,
  },
  answeredBy: 'simulation' as const,
})

const thrown = (text: string): never => {
  throw new ToolFault(text === '' ? 'it failed' : text.slice(0, MOST_THROWN))
}

/** Stands in for every tool. Permission and the check of the arguments come before, as in any other run. */
export const insteadOfTools =
  (mocks: Mocks): Between =>
  async ({ name, source, isReadOnly }, _args, real) => {
    const mock = mockOf(mocks, name)
    if (mock) {
      if (mock.throws !== undefined) thrown(mock.throws)
      const { returns = null } = mock
      // A text is told as it is: what a recorded tool said is one.
      const told = typeof returns === 'string' ? { told: returns } : {}
      return { value: returns, ...told, answeredBy: 'simulation' }
    }
    // It reads what this very run was given.
    if (source === 'built-in' && name === SKILL_READ) return real()
    if (mocks === 'all') return simulated(name)
    if (mocks === 'none' && isReadOnly) return real()
    return thrown(`${name} is not ${mocks === 'none' ? 'called' : 'mocked'} in this rehearsal.`)
  }
