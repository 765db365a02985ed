import { toolSecretFor } from '@/lib/core/env'
import { isOutboundError, type OutboundFault, request } from '@/lib/core/http-client'
import { kernel } from '@/lib/core/kernel'
import { hideSecrets } from '@/lib/core/secret-mask'
import type { SkillHttpTool } from '@/lib/skills'
import { type HttpRequest, httpRequestFor } from './http-request'
import { type Arguments, type Tool, ToolFault, type ToolResult, type ToolRun } from './tool'

type HttpAnswer = { status: number; contentType: string; text: string }

const MOST_BYTES = 1_048_576
// Looking for a secret in every spelling takes its time.
const MOST_BYTES_WITH_SECRETS = 262_144

const WORDS: Readonly<Partial<Record<OutboundFault, string>>> = {
  address_refused: 'its address may not be called from here',
  invalid_url: 'its address is not usable',
  too_large: 'its answer is too large',
  timeout: 'it did not answer in time',
  aborted: 'it was given up',
}

const send = async ({ method, url, headers, body, secrets }: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> => {
  const { CLASPER_TOOL_TIMEOUT_MS: timeoutMs, CLASPER_TOOL_ALLOW_PRIVATE: allowPrivate } = kernel().env
  const sent = { method, url, headers, ...(body === undefined ? {} : { body }) }
  const rules = {
    guard: 'public',
    allowPrivate,
    timeoutMs,
    signal,
    maxBytes: secrets.length > 0 ? MOST_BYTES_WITH_SECRETS : MOST_BYTES,
  } as const
  try {
    const reply = await request({ ...sent, ...rules })
    return { status: reply.status, contentType: reply.headers['content-type'] ?? '', text: reply.text }
  } catch (error) {
    if (!isOutboundError(error)) throw error
    throw new ToolFault(WORDS[error.fault] ?? 'it could not be reached')
  }
}

const bodyOf = ({ contentType, text }: HttpAnswer): unknown => {
  if (!/\bjson\b/i.test(contentType)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const call = async (tool: SkillHttpTool, args: Arguments, { key, signal }: ToolRun): Promise<ToolResult> => {
  const sent = httpRequestFor(tool, args, key, toolSecretFor)
  const answer = await send(sent, signal)
  const value = hideSecrets(bodyOf(answer), sent.secrets)
  const isError = answer.status < 200 || answer.status > 299
  return isError ? { value: { status: answer.status, body: value }, isError } : { value }
}

export const httpTool = (tool: SkillHttpTool): Tool => ({
  name: tool.name,
  description: tool.description,
  parameters: tool.parameters,
  source: 'skill',
  isReadOnly: tool.method === 'GET',
  run: (args, run) => call(tool, args, run),
})
