import { ChevronRight } from 'lucide-react'
import { formatCount } from '@/components/ui/format'
import { LongText } from './long-text'
import { promptSections } from './prompt-sections'

const about = (tokens: number): string => `≈ ${formatCount(tokens)} tokens`

// The system prompt as the model saw it, section by section, so that one sees what takes the room.
export const PromptView = ({ prompt }: { prompt: string }) => {
  const sections = promptSections(prompt).map((section, at) => ({ ...section, key: `${at} ${section.title}` }))
  const total = sections.reduce((sum, { tokens }) => sum + tokens, 0)
  return (
    <section aria-label="System prompt" className="grid gap-2">
      <p className="text-ink-muted text-meta">
        As the model saw it, after redaction. {about(total)} in{' '}
        {sections.length === 1 ? 'one section' : `${sections.length} sections`}, estimated from its length.
      </p>
      <div className="divide-y divide-line rounded-md border border-line">
        {sections.map(({ key, title, text, tokens }) => (
          <details key={key} open={sections.length === 1} className="group/section">
            <summary className="flex min-h-8 cursor-pointer list-none items-center gap-2 px-2.5 py-1 text-table hover:bg-hover">
              <ChevronRight
                aria-hidden
                className="size-3.5 shrink-0 text-ink-muted transition-transform group-open/section:rotate-90"
              />
              <span className="min-w-0 truncate font-medium text-ink">{title}</span>
              <span className="ml-auto shrink-0 text-ink-muted text-meta">{about(tokens)}</span>
            </summary>
            <div className="p-2.5 pt-0">
              <LongText text={text} label={title} />
            </div>
          </details>
        ))}
      </div>
    </section>
  )
}
