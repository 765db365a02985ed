import { z } from 'zod'
import { validate } from '@/lib/core/json-schema'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { hideSecrets } from '@/lib/core/secret-mask'
import type { McpServer } from './declaration'
import { McpFault } from './fault'
import { assertAsPinned } from './list-tools'
import type { McpTool } from './offered-tool'
import { hostRefusal } from './permitted'
import { plainText } from './plain-text'
import { entryFor, noteSuccess, overLink } from './pool'
import { secretsOf } from './secrets'

const MOST_BYTES = 1_048_576
// Looking for a secret in every spelling takes its time.
const MOST_BYTES_WITH_SECRETS = 262_144
const MOST_PARTS = 1_000

const Answer = z.looseObject({
  content: z.array(z.unknown()).optional(),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
})

export type McpAnswer = { value: unknown; isError: boolean }

type Part = Record<string, unknown>

const isMap = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value)

const sizeOf = (data: unknown): number => (typeof data === 'string' ? Math.floor((data.length * 3) / 4) : 0)

const resourceOf = ({ uri, mimeType, text, blob }: Part): unknown => ({
  type: 'resource',
  uri: plainText(uri, 500),
  mime_type: plainText(mimeType, 100),
  ...(typeof text === 'string' ? { text } : { bytes: sizeOf(blob) }),
})

// Pictures and sounds are named, not passed on.
const partOf = (part: unknown): unknown => {
  if (!isMap(part)) return null
  const { type } = part
  if (type === 'text') return typeof part['text'] === 'string' ? part['text'] : ''
  if (type === 'resource' && isMap(part['resource'])) return resourceOf(part['resource'])
  if (type === 'resource_link') return { type, uri: plainText(part['uri'], 500), name: plainText(part['name'], 200) }
  return { type: plainText(type, 40), mime_type: plainText(part['mimeType'], 100), bytes: sizeOf(part['data']) }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// Servers repeat what is structured as text for those who read only that.
const saidBy = ({ content = [], structuredContent }: z.output<typeof Answer>): unknown => {
  const parts = content.slice(0, MOST_PARTS).map(partOf)
  const isText = parts.every((part) => typeof part === 'string')
  const said: unknown = isText ? parts.join('\n') : parts
  if (structuredContent === undefined) return said
  const isRepeated = typeof said === 'string' && (said === '' || isMap(parsed(said)))
  return isRepeated ? structuredContent : { structured: structuredContent, content: said }
}

const assertAsDeclared = ({ answers }: McpTool, { structuredContent, isError }: z.output<typeof Answer>): void => {
  if (answers === null || isError === true) return
  if (structuredContent === undefined) throw new McpFault('it did not answer in the form that it declares')
  const [fault] = validate(answers, structuredContent)
  if (fault) throw new McpFault(`its answer is not of the form that it declares: ${fault.path} ${fault.message}`)
}

const assertSize = (value: unknown, most: number): void => {
  if ((JSON.stringify(value) ?? '').length > most) throw new McpFault('its answer is too large')
}

/** One call of one tool, after whoever asks was permitted and the arguments were checked. */
export const callMcpTool = async (
  scope: Scope,
  place: { workspaceId: string; server: McpServer },
  tool: McpTool,
  args: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<McpAnswer> => {
  const { server, workspaceId } = place
  const refusal = hostRefusal(server)
  if (refusal !== null) throw new McpFault(refusal)
  const entry = entryFor({ tenantId: scope.tenantId, workspaceId }, server)
  const most = kernel().env.CLASPER_TOOL_TIMEOUT_MS
  const timeoutMs = Math.min(server.timeout_ms ?? most, most)
  const answer = await overLink(entry, { signal }, async (link) => {
    await assertAsPinned(entry, link, tool)
    return link.ask('tools/call', { name: tool.tool, arguments: args }, Answer, { timeoutMs, signal })
  })
  noteSuccess(entry)
  assertAsDeclared(tool, answer)
  const secrets = secretsOf(server)
  const value = saidBy(answer)
  assertSize(value, secrets.length > 0 ? MOST_BYTES_WITH_SECRETS : MOST_BYTES)
  return { value: hideSecrets(value, secrets), isError: answer.isError === true }
}
