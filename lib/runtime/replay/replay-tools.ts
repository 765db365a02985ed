import type { Backend, ListedTool } from '@/lib/control-plane'
import type { Cleaner } from '@/lib/core/redaction/tenant'
import type { ToolCall } from '@/lib/shared/chat'
import { Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import type { Between, Toolbox, ToolOutcome } from '@/lib/tools'
import { RecordEnds } from './divergence'
import type { RecordedTool } from './recorded-calls'
import type { AgentRun } from './recorded-run'

// Nothing that a replay does may change anything there.
const refused = async (): Promise<never> => {
  throw new Problem('control_plane_error', 'A replay changes nothing in the backend.')
}

const SHUT = { resolveTask: refused, postMessage: refused, postDocument: refused, createTask: refused }

const listedIn = ({ inputs }: AgentRun): ListedTool[] =>
  inputs.tools.flatMap(({ name: alias, ...tool }) => {
    const name = inputs.backend_tools[alias]
    return name === undefined ? [] : [{ name, ...tool }]
  })

/** The backend as it was: it says which tools it had, and nobody is asked. */
export const pastBackend = (run: AgentRun): Backend => ({
  ...SHUT,
  listTools: async () => listedIn(run),
  callTool: refused,
  listTasks: refused,
})

/** The backend as it is, for looking only. */
export const readingBackend = ({ listTools, listTasks, callTool }: Backend): Backend => ({
  ...SHUT,
  listTools,
  listTasks,
  callTool,
})

type Shelf = { next(key: string): RecordedTool | undefined; last(key: string): RecordedTool | undefined }

const shelfOf = (tools: readonly RecordedTool[], keyOf: (tool: RecordedTool) => string): Shelf => {
  const waiting = new Map<string, RecordedTool[]>()
  const seen = new Map<string, RecordedTool>()
  for (const tool of tools) {
    const key = keyOf(tool)
    waiting.set(key, [...(waiting.get(key) ?? []), tool])
  }
  return {
    next: (key) => {
      const tool = waiting.get(key)?.shift()
      if (tool) seen.set(key, tool)
      return tool
    },
    last: (key) => seen.get(key),
  }
}

/** Results as they were recorded, call by call. */
export const recordedToolbox = (run: AgentRun, offered: Toolbox): Toolbox => {
  const shelf = shelfOf(run.tools, ({ id }) => id)
  const call = async ({ id }: ToolCall): Promise<ToolOutcome> => {
    const found = shelf.next(id)
    if (found) return found.outcome
    throw new RecordEnds('The recorded run broke off while its tools ran')
  }
  return {
    ...offered,
    notes: run.inputs.tool_notes,
    call,
    judge: async (asked) => ({ call: asked, tool: asked.name, key: '', isPermitted: true, needsApproval: false }),
    perform: ({ call: asked }) => call(asked),
  }
}

const keyOf = (cleaner: Cleaner, name: string, args: unknown): string => `${name} ${stableJson(cleaner.value(args))}`

const noteFor = (name: string, isReadOnly: boolean): string =>
  isReadOnly
    ? `This is a replay: ${name} was not called, and the recorded run holds no such call. Nothing is known of its result.`
    : `This is a replay: ${name} was not called, because it may change something. Go on as if it had been done.`

const simulated = (name: string, isReadOnly: boolean) => ({
  value: { simulated: true, note: noteFor(name, isReadOnly) },
  answeredBy: 'simulation' as const,
})

/** Calls that only read are made where that is wished; of all others the record answers, or a note that says so. */
export const insteadOfCalls = ({ cleaner, tools }: AgentRun, isLive: boolean): Between => {
  const shelf = shelfOf(
    tools.filter(({ outcome }) => outcome.permitted),
    ({ name, arguments: args }) => keyOf(cleaner, name, args),
  )
  return async ({ name, isReadOnly }, args, real) => {
    if (isLive && isReadOnly) return real()
    const key = keyOf(cleaner, name, args)
    const found = shelf.next(key) ?? shelf.last(key)
    if (!found) return simulated(name, isReadOnly)
    const { content, isError } = found.outcome
    return { value: null, told: content, isError, answeredBy: 'recording' }
  }
}
