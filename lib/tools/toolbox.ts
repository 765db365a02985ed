import { monotonicMs } from '@/lib/core/clock'
import { type SchemaFault, validate } from '@/lib/core/json-schema'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { decide, type PolicyDecision } from '@/lib/governance'
import type { ToolCall, ToolSpec } from '@/lib/shared/chat'
import { isProblem } from '@/lib/shared/problem'
import { argumentFault } from './argument-faults'
import { type Catalogue, catalogueFor, type Sources } from './catalogue'
import { type Ended, within } from './deadline'
import { type Grants, type Refusal, refusalOf } from './permission'
import { cappedText, resultText } from './result-text'
import { SKILL_READ } from './skill-read'
import { tenantGrants } from './tenant-grants'
import { type Between, type Tool, ToolFault, type ToolResult, type ToolSource } from './tool'
import { aliasesFor } from './tool-name'

export type ToolContext = {
  traceId: string
  taskId: string | null
  signal: AbortSignal
  place: { role: string | null; workspaceId: string; environment: string }
  riskLevel?: string
  // Told once per call, before anything is done.
  onDecided?: (permitted: boolean) => void | Promise<void>
}

export type ToolOutcome = {
  content: string
  isError: boolean
  permitted: boolean
  reason?: { layer: string; reason: string }
  durationMs: number
  decision?: PolicyDecision
  // The tool's own name, where the model knows it under another one.
  tool?: string
  // Set where the tool itself was not asked.
  answeredBy?: ToolResult['answeredBy']
}

export type Toolbox = {
  specs: readonly ToolSpec[]
  // What was left out, and why.
  notes: readonly string[]
  sourceOf(name: string): ToolSource | null
  // The tool's own name, where the model knows it under another one.
  nameOf(name: string): string
  call(call: ToolCall, ctx: ToolContext): Promise<ToolOutcome>
}

type Box = {
  scope: Scope
  grants: Grants
  tools: ReadonlyMap<string, Tool>
  owners: ReadonlyMap<string, string>
  keys: Map<string, number>
  between: Between
}

type Verdict = { tool: Tool; decision: PolicyDecision } | { refusal: Refusal; decision?: PolicyDecision }
type Answer = Pick<ToolOutcome, 'content' | 'isError' | 'permitted' | 'reason' | 'answeredBy'>

const nameIn = (box: Box, call: ToolCall): string => box.owners.get(String(call.name)) ?? String(call.name)

const argumentsOf = (call: ToolCall): Record<string, unknown> => call.arguments ?? {}

const asked = async (box: Box, tool: Tool, call: ToolCall, ctx: ToolContext): Promise<Verdict> => {
  const decision = await decide(box.scope, {
    subject: 'tool',
    tool: tool.name,
    role: ctx.place.role,
    workspaceId: ctx.place.workspaceId,
    environment: ctx.place.environment,
    ...(ctx.riskLevel === undefined ? {} : { riskLevel: ctx.riskLevel }),
    arguments: argumentsOf(call),
  })
  if (decision.decision === 'allow') return { tool, decision }
  const reason = decision.decision === 'deny' ? decision.explanation : `needs an approval: ${decision.explanation}`
  return { refusal: { layer: 'policy', reason }, decision }
}

const verdictOn = async (box: Box, call: ToolCall, ctx: ToolContext): Promise<Verdict> => {
  const name = nameIn(box, call)
  const refusal = refusalOf(box.grants, name)
  if (refusal) return { refusal }
  const tool = box.tools.get(name)
  if (!tool) return { refusal: { layer: 'catalogue', reason: 'there is no such tool' } }
  const fault = argumentFault(argumentsOf(call))
  if (fault !== null) return { refusal: { layer: 'arguments', reason: fault } }
  return asked(box, tool, call, ctx)
}

const denied = (name: string, refusal: Refusal): Answer => ({
  content: `Not permitted: the tool ${name.slice(0, 130)} was refused (${refusal.layer}: ${refusal.reason}).`,
  isError: true,
  permitted: false,
  reason: refusal,
})

const told = (content: string): Answer => ({ content: cappedText(content), isError: true, permitted: true })

const misfit = (tool: Tool, faults: readonly SchemaFault[]): Answer =>
  told(
    [
      `Not done: the arguments do not fit the parameters of ${tool.name}.`,
      ...faults.map(({ path, message }) => `- ${path === '' ? 'as a whole' : path}: ${message}`),
    ].join('\n'),
  )

const upstreamStatus = (error: unknown): unknown => (isProblem(error) ? error.details?.['upstream_status'] : undefined)

const quoteOf = (error: unknown): string => {
  const quote = isProblem(error) ? error.details?.['upstream_error'] : undefined
  return typeof quote === 'string' && quote !== '' ? `: ${quote}` : ''
}

const failed = (box: Box, tool: Tool, error: unknown): Answer => {
  if (error instanceof ToolFault) return told(`The tool failed: ${error.message}`)
  if (upstreamStatus(error) === 403)
    return denied(tool.name, { layer: 'backend', reason: `the backend refused it${quoteOf(error)}` })
  if (isProblem(error)) return told(`The tool failed: ${error.message}${quoteOf(error)}`)
  box.scope.log.error('tool failed', { tool: tool.name, source: tool.source, error })
  return told('The tool failed.')
}

const answerOf = (box: Box, tool: Tool, ended: Ended<ToolResult>): Answer => {
  if (ended.kind === 'late') return told(`The tool did not answer within ${kernel().env.CLASPER_TOOL_TIMEOUT_MS} ms.`)
  if (ended.kind === 'cancelled') return told('The run was cancelled before the tool answered.')
  if (ended.kind === 'failed') return failed(box, tool, ended.error)
  const { value, isError = false, told: text, answeredBy } = ended.value
  const answer = { content: text ?? resultText(value), isError, permitted: true }
  return answeredBy === undefined ? answer : { ...answer, answeredBy }
}

// Some providers number their calls anew in each answer; a key that was used must not be used for something else.
const keyFor = (box: Box, call: ToolCall, ctx: ToolContext): string => {
  const key = `${ctx.traceId}:${String(call.id).slice(0, 200)}`
  const used = (box.keys.get(key) ?? 0) + 1
  box.keys.set(key, used)
  return used === 1 ? key : `${key}:${used}`
}

const execute = async (box: Box, tool: Tool, call: ToolCall, ctx: ToolContext): Promise<Answer> => {
  const key = keyFor(box, call, ctx)
  const args = argumentsOf(call)
  const faults = validate(tool.parameters, args)
  if (faults.length > 0) return misfit(tool, faults)
  const ms = kernel().env.CLASPER_TOOL_TIMEOUT_MS
  const ended = await within(ms, ctx.signal, (signal) =>
    box.between(tool, args, () => tool.run(args, { key, taskId: ctx.taskId, signal })),
  )
  return answerOf(box, tool, ended)
}

// Whoever listens may be gone; that is no reason to act otherwise.
const tell = async ({ onDecided }: ToolContext, isPermitted: boolean): Promise<void> => {
  try {
    await onDecided?.(isPermitted)
  } catch {
    return
  }
}

const perform = async (box: Box, call: ToolCall, ctx: ToolContext): Promise<Omit<ToolOutcome, 'durationMs'>> => {
  const name = nameIn(box, call)
  const verdict = await verdictOn(box, call, ctx)
  const isPermitted = 'tool' in verdict
  await tell(ctx, isPermitted)
  const answer = isPermitted ? await execute(box, verdict.tool, call, ctx) : denied(name, verdict.refusal)
  return { ...answer, tool: name, ...(verdict.decision ? { decision: verdict.decision } : {}) }
}

// What goes wrong before the layers have spoken permits nothing.
const broken = (box: Box, call: ToolCall, error: unknown): Omit<ToolOutcome, 'durationMs'> => {
  box.scope.log.error('tool call failed', { error })
  const reason = { layer: 'policy', reason: 'it could not be asked' } as const
  return denied(String(call?.name), reason)
}

const directly: Between = (_tool, _args, real) => real()

const open = (scope: Scope, grants: Grants, { tools, notes }: Catalogue, between: Between): Toolbox => {
  const owners = aliasesFor(tools.map(({ name }) => name))
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  const box: Box = { scope, grants, tools: byName, owners, keys: new Map(), between }
  const aliases = new Map([...owners].map(([alias, name]) => [name, alias]))
  return {
    specs: tools.map(({ name, description, parameters }) => ({
      name: aliases.get(name) ?? name,
      description,
      parameters,
    })),
    notes,
    nameOf: (name) => owners.get(name) ?? name,
    sourceOf: (name) => byName.get(owners.get(name) ?? name)?.source ?? null,
    call: async (call, ctx) => {
      const started = monotonicMs()
      const outcome = await perform(box, call, ctx).catch((error: unknown) => broken(box, call, error))
      return { ...outcome, durationMs: Math.round(monotonicMs() - started) }
    },
  }
}

type Wanted = Pick<Sources, 'backend'> & {
  bundle: { toolGrants: readonly string[] } & Omit<Sources, 'backend'>
  between?: Between
}

// The tools of one run: what the model is shown, and the only way to call them.
export const toolsFor = async (scope: Scope, input: Wanted): Promise<Toolbox> => {
  const { bundle, backend, between = directly } = input
  const { httpTools, skillFiles = null } = bundle
  // To read what one was given needs no grant of a skill; it takes the tool that is built in, whoever else has the name.
  const skills = skillFiles ? [...bundle.toolGrants, SKILL_READ] : bundle.toolGrants
  if (skills.length === 0)
    return open(scope, { skills, tenant: { allowed: [], denied: [] } }, { tools: [], notes: [] }, between)
  const grants: Grants = { skills, tenant: await tenantGrants(scope) }
  return open(scope, grants, await catalogueFor(scope, { backend, httpTools, skillFiles }, grants), between)
}
