import { redactText, redactValue } from '@/lib/core/redact'
import type { RunSpans } from '@/lib/tracing'

type Span = RunSpans['spans'][number]
type Told = string | number | boolean | readonly string[] | null | undefined
export type ToldAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>

const MOST_TEXT = 65_536

// The conventions have their own names for some providers.
const PROVIDERS: Readonly<Record<string, string>> = { google: 'gcp.gemini', xai: 'x_ai', mistral: 'mistral_ai' }

const providerOf = (name: string | null): string | null =>
  name !== null && Object.hasOwn(PROVIDERS, name) ? (PROVIDERS[name] ?? null) : name

const isSaid = (entry: [string, Told]): entry is [string, ToldAttributes[string]] =>
  entry[1] !== null && entry[1] !== undefined && entry[1] !== ''

const only = (all: Readonly<Record<string, Told>>): ToldAttributes =>
  Object.fromEntries(Object.entries(all).filter(isSaid))

// Redacted where it was stored, and once more where it leaves: the rules may have grown since.
const shown = (value: unknown): string | null => {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return null
  const text = typeof value === 'string' ? redactText(value) : JSON.stringify(redactValue(value))
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text
}

const usageOf = ({ tokens }: Span): Record<string, Told> => {
  if (tokens === null) return {}
  const { in_uncached: fresh, cache_read: read, cache_write: written, out_visible: visible, reasoning } = tokens
  return {
    'gen_ai.usage.input_tokens': (fresh ?? 0) + (read ?? 0) + (written ?? 0),
    'gen_ai.usage.output_tokens': (visible ?? 0) + (reasoning ?? 0),
    'gen_ai.usage.cache_read.input_tokens': read,
    'gen_ai.usage.cache_write.input_tokens': written,
    'gen_ai.usage.reasoning.output_tokens': reasoning,
    'clasper.usage.in_uncached': fresh,
    'clasper.usage.cache_read': read,
    'clasper.usage.cache_write': written,
    'clasper.usage.out_visible': visible,
    'clasper.usage.reasoning': reasoning,
  }
}

const saidIn = ({ content }: Span): Record<string, Told> =>
  content === null
    ? {}
    : {
        'gen_ai.system_instructions':
          content.system === null ? null : shown([{ type: 'text', content: content.system }]),
        'gen_ai.input.messages': shown(content.input_messages),
        'gen_ai.output.messages': shown(content.output_messages),
        'gen_ai.tool.definitions': shown(content.tool_definitions),
      }

const agentSays = (run: RunSpans): Record<string, Told> => ({
  'gen_ai.operation.name': 'invoke_agent',
  'clasper.workspace.id': run.workspaceId,
  'clasper.workspace.hash': run.workspaceHash,
  'clasper.risk.score': run.riskScore,
  'clasper.replay_of': run.replayOf,
})

const callSays = (span: Span): Record<string, Told> => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': providerOf(span.provider),
  'gen_ai.request.model': span.request_model,
  'gen_ai.response.model': span.response_model,
  'gen_ai.response.finish_reasons': span.finish_reasons.length === 0 ? null : span.finish_reasons,
  'clasper.budget.reservation_id': typeof span.attempt?.['attempt_id'] === 'string' ? span.attempt['attempt_id'] : null,
  'clasper.cost.nano_usd': span.cost.computed_nano_usd,
  ...usageOf(span),
})

const toolSays = ({ tool, status }: Span): Record<string, Told> => ({
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': tool?.name,
  'gen_ai.tool.type': 'function',
  'gen_ai.tool.call.id': tool?.call_id,
  'gen_ai.tool.call.arguments': shown(tool?.arguments),
  'gen_ai.tool.call.result': shown(tool?.result),
  'error.type': status === 'error' ? 'tool_error' : null,
})

const own = (run: RunSpans, span: Span): Record<string, Told> => {
  if (span.kind === 'agent') return agentSays(run)
  if (span.kind === 'inference') return callSays(span)
  return span.kind === 'tool' ? toolSays(span) : {}
}

/** What a span of a run says in the words of the conventions, and in ours where they have none. */
export const toldAttributes = (tenantId: string, run: RunSpans, span: Span): ToldAttributes =>
  only({
    'session.id': run.sessionKey,
    'gen_ai.conversation.id': run.sessionKey,
    'user.id': run.userId,
    'gen_ai.agent.name': run.agentRole,
    'gen_ai.agent.version': run.workspaceHash,
    'clasper.run_id': run.id,
    'clasper.tenant': tenantId,
    'clasper.environment': run.environment,
    'clasper.kind': span.kind,
    'error.type': span.error_type,
    ...saidIn(span),
    ...own(run, span),
  })
