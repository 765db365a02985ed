import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { CodeBlock } from '@/components/ui/code-block'

type EmptyStateProps = {
  icon: LucideIcon
  title: string
  text: ReactNode
  command?: { label: string; code: string }
  action?: ReactNode
}

export const EmptyState = ({ icon: Icon, title, text, command, action }: EmptyStateProps) => (
  <div className="mx-auto grid max-w-lg justify-items-center gap-3 px-4 py-12 text-center">
    <span className="grid size-10 place-items-center rounded-md border border-line bg-sunken">
      <Icon aria-hidden className="size-5 text-ink-muted" />
    </span>
    <h2 className="font-semibold text-ink text-title">{title}</h2>
    <p className="text-ink-muted text-prose">{text}</p>
    {command ? <CodeBlock label={command.label} code={command.code} className="w-full text-left" /> : null}
    {action}
  </div>
)
