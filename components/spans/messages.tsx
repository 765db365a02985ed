import { Badge } from '@/components/ui/badge'
import type { SpanMessageShown } from '@/lib/tracing/contract'
import { jsonText, LongText } from './long-text'

type Part = SpanMessageShown['parts'][number]

const ROLES: Readonly<Record<string, string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Model',
  tool: 'Tool',
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const bodyOf = (part: Part): { label: string; text: string } => {
  const { type, name } = part
  if (type === 'text' || type === 'reasoning')
    return {
      label: type === 'text' ? 'Text' : 'Reasoning',
      text: typeof part['content'] === 'string' ? part['content'] : jsonText(part['content']),
    }
  if (type === 'tool_call')
    return { label: `Calls ${textOf(name) || 'a tool'}`, text: jsonText(part['arguments'] ?? {}) }
  if (type === 'tool_call_response') return { label: 'Result of a tool', text: jsonText(part['response']) }
  return { label: textOf(type) || 'Other', text: jsonText(part['value'] ?? part) }
}

type MessagesProps = { messages: readonly SpanMessageShown[] }

export const Messages = ({ messages }: MessagesProps) => {
  const keyed = messages.map((message, at) => ({ ...message, key: `${at} ${message.role}` }))
  return (
    <ol className="grid gap-3">
      {keyed.map((message) => (
        <li key={message.key} className="grid min-w-0 gap-1.5">
          <p className="flex flex-wrap items-center gap-2 text-table">
            <span className="font-medium text-ink">{ROLES[message.role] ?? message.role}</span>
            {message.finish_reason ? <Badge>ended: {message.finish_reason}</Badge> : null}
          </p>
          {message.parts.length === 0 ? <p className="text-ink-muted text-table">An empty message.</p> : null}
          {message.parts
            .map((part, at) => ({ ...bodyOf(part), key: `${at} ${String(part['type'])}` }))
            .map(({ key, label, text }) => (
              <LongText key={key} label={label} text={text} />
            ))}
        </li>
      ))}
    </ol>
  )
}
