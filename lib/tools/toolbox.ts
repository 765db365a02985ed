import { monotonicMs } from '@/lib/core/clock'
import { type SchemaFault, validate } from '@/lib/core/json-schema'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { FiledPolicies, PolicyDecision, PolicyQuestion } from '@/lib/governance'
import { MCP_FILE, mcpFile } from '@/lib/mcp'
import type { ToolCall, ToolSpec } from '@/lib/shared/chat'
import { isProblem } from '@/lib/shared/problem'
import { type Catalogue, catalogueFor, type Sources } from './catalogue'
import { type Ended, within } from './deadline'
import { argumentsOf, type Court, courtOf, type JudgeContext, layersOf } from './judge'
import type { McpPlace } from './mcp-tools'
import type { Grants, Refusal } from './permission'
import { cappedText, resultText } from './result-text'
import { SKILL_READ } from './skill-read'
import { tenantGrants } from './tenant-grants'
import { type Between, type Tool, ToolFault, type ToolResult, type ToolSource } from './tool'
import { aliasesFor } from './tool-name'

export type ToolContext = JudgeContext & {
  traceId: string
  taskId: string | null
  signal: AbortSignal
  // Told once per call, before anything is done.
  onDecided?: (permitted: boolean) => void | Promise<void>
}

// What the record of a run keeps of an answer; the whole of it stands under its id.
export type ToldDecision = {
  decision: string
  matched_policies: readonly string[]
  policy_id: string | null
  explanation: string
  policy_hash: string
  decision_id: string
}

export type ToolOutcome = {
  content: string
  isError: boolean
  permitted: boolean
  reason?: { layer: string; reason: string }
  durationMs: number
  decision?: ToldDecision
  // The tool's own name, where the model knows it under another one.
  tool?: string
  // Set where the tool itself was not asked.
  answeredBy?: ToolResult['answeredBy']
}

// What the layers say of one call before anything is done. Its key is settled here: whoever does the call again, in
// whatever process, does it under the same key.
export type Judgement = {
  call: ToolCall
  tool: string
  key: string
  isPermitted: boolean
  // A policy lets it pass once a person approves it.
  needsApproval: boolean
  refusal?: Refusal
  // What a policy was asked and said, and the id under which that is to be stored.
  question?: PolicyQuestion
  decision?: PolicyDecision
  decisionId?: string
}

export type Toolbox = {
  specs: readonly ToolSpec[]
  // What was left out, and why.
  notes: readonly string[]
  // The skills in play.
  skills: readonly string[]
  sourceOf(name: string): ToolSource | null
  // The tool's own name, where the model knows it under another one.
  nameOf(name: string): string
  // What may be done, before anything is: whoever asks stores the answers and then performs what they permit.
  judge(call: ToolCall, ctx: ToolContext): Promise<Judgement>
  // `approved` is said by who has consumed the approval, and by nobody else.
  perform(judgement: Judgement, ctx: ToolContext, approved?: boolean): Promise<ToolOutcome>
  keysUsed(): Readonly<Record<string, number>>
  call(call: ToolCall, ctx: ToolContext): Promise<ToolOutcome>
}

type Box = Court & { keys: Map<string, number>; between: Between }

type Answer = Pick<ToolOutcome, 'content' | 'isError' | 'permitted' | 'reason' | 'answeredBy'>

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
  const key = `${ctx.traceId}:${String(call?.id).slice(0, 200)}`
  const used = (box.keys.get(key) ?? 0) + 1
  box.keys.set(key, used)
  return used === 1 ? key : `${key}:${used}`
}

const execute = async (box: Box, tool: Tool, { call, key }: Judgement, ctx: ToolContext): Promise<Answer> => {
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

const judge = async (box: Box, call: ToolCall, ctx: ToolContext): Promise<Judgement> => {
  const key = keyFor(box, call, ctx)
  const { name, refusal, asked } = await layersOf(box, call, ctx)
  return {
    call,
    key,
    tool: name,
    isPermitted: refusal === undefined,
    needsApproval: asked?.verdict.decision === 'require_approval',
    ...(refusal ? { refusal } : {}),
    ...(asked ? { question: asked.question, decision: asked.verdict, decisionId: asked.id } : {}),
  }
}

const NOT_ASKED: Refusal = { layer: 'policy', reason: 'it could not be asked' }

const answered = (box: Box, judged: Judgement, ctx: ToolContext, isPermitted: boolean): Promise<Answer> | Answer => {
  const tool = isPermitted ? box.tools.get(judged.tool) : undefined
  return tool ? execute(box, tool, judged, ctx) : denied(judged.tool, judged.refusal ?? NOT_ASKED)
}

const toldOf = (decision: PolicyDecision, id: string): ToldDecision => ({
  decision: decision.decision,
  matched_policies: decision.matchedPolicies,
  policy_id: decision.policyId,
  explanation: decision.explanation,
  policy_hash: decision.policyHash,
  decision_id: id,
})

const performed = async (box: Box, judged: Judgement, ctx: ToolContext, approved: boolean) => {
  const isPermitted = judged.isPermitted || (approved && judged.needsApproval)
  await tell(ctx, isPermitted)
  const answer = await answered(box, judged, ctx, isPermitted)
  const { decision, decisionId, tool } = judged
  return { ...answer, tool, ...(decision && decisionId ? { decision: toldOf(decision, decisionId) } : {}) }
}

const perform = async (box: Box, judged: Judgement, ctx: ToolContext, approved: boolean): Promise<ToolOutcome> => {
  const started = monotonicMs()
  const outcome = await performed(box, judged, ctx, approved).catch((error: unknown) => {
    box.scope.log.error('tool call failed', { error })
    return denied(judged.tool, NOT_ASKED)
  })
  return { ...outcome, durationMs: Math.round(monotonicMs() - started) }
}

const directly: Between = (_tool, _args, real) => real()

type Around = {
  skills: readonly string[]
  between: Between
  keys: Readonly<Record<string, number>>
  policies: FiledPolicies | undefined
}

const open = (scope: Scope, grants: Grants, { tools, notes }: Catalogue, around: Around): Toolbox => {
  const owners = aliasesFor(tools.map(({ name }) => name))
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  const court = courtOf({ scope, grants, tools: byName, owners, skills: around.skills, policies: around.policies })
  const box: Box = { ...court, keys: new Map(Object.entries(around.keys)), between: around.between }
  const aliases = new Map([...owners].map(([alias, name]) => [name, alias]))
  return {
    specs: tools.map(({ name, description, parameters }) => ({
      name: aliases.get(name) ?? name,
      description,
      parameters,
    })),
    notes,
    skills: around.skills,
    nameOf: (name) => owners.get(name) ?? name,
    sourceOf: (name) => byName.get(owners.get(name) ?? name)?.source ?? null,
    judge: (call, ctx) => judge(box, call, ctx),
    perform: (judgement, ctx, approved = false) => perform(box, judgement, ctx, approved),
    call: async (call, ctx) => perform(box, await judge(box, call, ctx), ctx, false),
    keysUsed: () => Object.fromEntries(box.keys),
  }
}

type Skill = { name: string; isVisible: boolean }

type Wanted = Pick<Sources, 'backend'> & {
  bundle: {
    toolGrants: readonly string[]
    policies?: FiledPolicies
    skills?: readonly Skill[]
    workspaceId?: string
    folder?: { texts: ReadonlyMap<string, string> }
  } & Omit<Sources, 'backend' | 'mcp'>
  between?: Between
  // Whether MCP servers are asked for their tools; where a record says what they had, they are not.
  asksServers?: boolean
  // Keys that calls of this run took before, in another process.
  keys?: Readonly<Record<string, number>>
}

const placeOf = ({ workspaceId, folder }: Wanted['bundle']): McpPlace | null =>
  workspaceId === undefined || !folder?.texts.has(MCP_FILE)
    ? null
    : { workspaceId, file: mcpFile(folder.texts.get(MCP_FILE)) }

// The tools of one run: what the model is shown, and the only way to call them.
export const toolsFor = async (scope: Scope, input: Wanted): Promise<Toolbox> => {
  const { bundle, backend, between = directly, keys = {}, asksServers = true } = input
  const { httpTools, skillFiles = null, policies } = bundle
  const inPlay = (bundle.skills ?? []).filter(({ isVisible }) => isVisible).map(({ name }) => name)
  const around: Around = { between, keys, policies, skills: inPlay }
  // To read what one was given needs no grant of a skill; it takes the tool that is built in, whoever else has the name.
  const skills = skillFiles ? [...bundle.toolGrants, SKILL_READ] : bundle.toolGrants
  if (skills.length === 0)
    return open(scope, { skills, tenant: { allowed: [], denied: [] } }, { tools: [], notes: [] }, around)
  const grants: Grants = { skills, tenant: await tenantGrants(scope) }
  const mcp = asksServers ? placeOf(bundle) : null
  return open(scope, grants, await catalogueFor(scope, { backend, httpTools, skillFiles, mcp }, grants), around)
}
