import { z } from 'zod'
import { redactText } from '@/lib/core/redact'
import type { Scope } from '@/lib/core/scope'
import { asProblem, statusOf } from '@/lib/http/problem-reply'
import { spend } from '@/lib/http/route'
import type { Contract } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { assertMayPass, type Door } from './door'

type Described = {
  name: string
  title: string
  description: string
  door: Door
  isReadOnly: boolean
  // The address that does the same, where it has a limit of its own: both take from one allowance.
  spends?: (scope: Scope) => Contract
}

export type ServedTool = Described & {
  schema: Record<string, unknown>
  // Some are there only where a setting says so.
  isOffered(): boolean
  act(scope: Scope, raw: unknown): Promise<unknown>
}

type Making<I extends z.ZodObject> = Described & {
  input: I
  isOffered?: () => boolean
  answer(scope: Scope, args: z.output<I>): Promise<unknown>
}

const faultsOf = (error: z.ZodError): Problem =>
  new Problem('invalid_request', 'The arguments are not valid.', {
    issues: error.issues
      .slice(0, 20)
      .map(({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`),
  })

export const servedTool = <I extends z.ZodObject>({ input, answer, isOffered, ...rest }: Making<I>): ServedTool => {
  const strict = input.strict()
  const { $schema: _, ...schema } = z.toJSONSchema(strict, { io: 'input', unrepresentable: 'any' })
  return {
    ...rest,
    schema,
    isOffered: isOffered ?? (() => true),
    act: (scope, raw) => {
      const args = strict.safeParse(raw ?? {})
      if (!args.success) throw faultsOf(args.error)
      return answer(scope, args.data as z.output<I>)
    },
  }
}

export type ToolReply = { content: { type: 'text'; text: string }[]; isError?: boolean }

const MOST_BYTES = 262_144

const textReply = (value: unknown): ToolReply => ({ content: [{ type: 'text', text: JSON.stringify(value) }] })

const tooLarge = (bytes: number): Problem =>
  new Problem('payload_too_large', 'The answer is too large: ask for less, by a limit or a narrower filter.', {
    bytes,
    limit_bytes: MOST_BYTES,
  })

const refusal = (scope: Scope, tool: string, error: unknown): ToolReply => {
  const problem = asProblem(error)
  if (statusOf(problem) >= 500)
    scope.log.error('tool of the MCP server failed', { tool, error: problem.cause ?? problem })
  const { code, message, details } = problem
  const told = { error: redactText(message), code, ...(details ? { details } : {}), request_id: scope.requestId }
  return { ...textReply(told), isError: true }
}

const spendFor = async (scope: Scope, contract: Contract): Promise<void> => {
  const { requestId, traceId, signal, log, clock, identity } = scope
  await spend(contract, { requestId, traceId, signal, log, clock, identity, isTraceWished: false, clientIp: '' })
}

/** One call: the door, the arguments, the verb, and its answer within bounds. It never throws. */
export const callServed = async (scope: Scope, tool: ServedTool, raw: unknown): Promise<ToolReply> => {
  try {
    await assertMayPass(scope, tool.door)
    if (tool.spends) await spendFor(scope, tool.spends(scope))
    const reply = textReply(await tool.act(scope, raw))
    const bytes = Buffer.byteLength(reply.content[0]?.text ?? '')
    if (bytes > MOST_BYTES) throw tooLarge(bytes)
    return reply
  } catch (error) {
    return refusal(scope, tool.name, error)
  }
}
