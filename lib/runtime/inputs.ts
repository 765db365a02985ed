import type { Toolbox } from '@/lib/tools'
import type { LoopResult } from './loop'
import { namesOf } from './note-tool'
import type { Prepared } from './prepare'

// Tools that only somebody else knows; all others are made from the workspace and this release.
const isTold = (source: ReturnType<Toolbox['sourceOf']>): boolean => source === 'backend' || source === 'mcp'
const backendTools = ({ specs, sourceOf, nameOf }: Toolbox): Record<string, string> =>
  Object.fromEntries(specs.filter(({ name }) => isTold(sourceOf(name))).map(({ name }) => [name, nameOf(name)]))

// All that a replay needs to give the model the same again.
export const inputsOf = (prepared: Prepared): object => {
  const { request, question, bundle, given } = prepared
  return {
    message: request.message,
    messages: question.messages.slice(0, -1),
    system_prompt: question.system,
    temperature: question.temperature,
    max_tokens: question.maxTokens,
    tools: question.tools,
    backend_tools: backendTools(prepared.tools),
    tool_notes: prepared.tools.notes,
    model: question.model.name,
    fallback_model: question.fallback?.name ?? null,
    metadata: request.metadata,
    ...(request.systemNotes.length > 0 ? { system_notes: request.systemNotes } : {}),
    composed_at: prepared.at.toISOString(),
    timezone: prepared.timezone,
    boot_complete: bundle.isBootComplete,
    max_steps: prepared.maxSteps,
    ...(Object.keys(prepared.claims).length > 0 ? { claims: prepared.claims } : {}),
    task: request.task,
    workspace: {
      hash: bundle.hash,
      skills: bundle.skills.filter(({ isEnabled }) => isEnabled).map(({ name }) => name),
    },
    ...(Object.keys(given.skillStates).length > 0 ? { skill_states: given.skillStates } : {}),
    prompt_notes: prepared.promptNotes,
    prompt_tokens_estimated: prepared.promptTokens,
    risk: prepared.risk,
    ...(prepared.skipped ? { skipped: prepared.skipped } : {}),
  }
}

export const outcomeOf = (message: string, result: LoopResult | undefined): object => ({
  message,
  tool_calls: (result?.records ?? []).map(({ call, outcome }) => ({
    id: call.id,
    ...namesOf({ call, outcome }),
    arguments: call.arguments,
    result: outcome.content,
    duration_ms: Math.round(outcome.durationMs),
    permitted: outcome.permitted,
    success: outcome.permitted && !outcome.isError,
  })),
})
