import { toolSecret } from '@/lib/core/env'
import type { SkillHttpTool } from '@/lib/skills'
import { type HttpRequest, httpRequestFor } from './http-request'
import { type Arguments, type Tool, ToolFault, type ToolResult, type ToolRun } from './tool'

type HttpAnswer = { status: number; contentType: string; text: string }

const send = async (_request: HttpRequest, _signal: AbortSignal): Promise<HttpAnswer> => {
  throw new ToolFault('not available yet')
}

const HIDDEN = '[secret]'

// A server may repeat what it was sent.
const hideIn = (text: string, secrets: readonly string[]): string =>
  secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text)

const bodyOf = ({ contentType, text }: HttpAnswer): unknown => {
  if (!/\bjson\b/i.test(contentType)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const call = async (tool: SkillHttpTool, args: Arguments, { key, signal }: ToolRun): Promise<ToolResult> => {
  const request = httpRequestFor(tool, args, key, toolSecret)
  const answer = await send(request, signal)
  const value = bodyOf({ ...answer, text: hideIn(answer.text, request.secrets) })
  const isError = answer.status < 200 || answer.status > 299
  return isError ? { value: { status: answer.status, body: value }, isError } : { value }
}

export const httpTool = (tool: SkillHttpTool): Tool => ({
  name: tool.name,
  description: tool.description,
  parameters: tool.parameters,
  source: 'skill',
  run: (args, run) => call(tool, args, run),
})
