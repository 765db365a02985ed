'use client'

import { useSettled } from '@/components/policies/use-settled'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { formatCount, formatShortCount } from '@/components/ui/format'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import type { RenderedPrompt } from '@/lib/workspace/contract/workspaces'
import { changesOf, NO_DRAFT } from './draft'
import { PromptFileView } from './prompt-file-view'
import { PromptText } from './prompt-text'
import type { TabProps } from './tab-props'
import { useRenderedPrompt } from './use-workspaces'
import { VersionChoice } from './version-choice'

/** What a model is told: the files beside the prompt that they come to. */
export const PromptTab = (props: TabProps) => {
  const { id, shown, place, recent, drafting } = props
  const [draft] = drafting
  const changes = useSettled(changesOf(draft.base === shown ? draft : NO_DRAFT))
  const query = useRenderedPrompt(id, shown, place.role, changes)
  const roles = query.data?.prompt.roles ?? [place.role]
  const options = [...new Set([...roles, place.role])].map((role) => ({ value: role, label: role }))
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <VersionChoice label="Version" value={shown} recent={recent} onChoose={(version) => place.go({ version })} />
        <Select
          aria-label="Role"
          options={options}
          value={place.role}
          onChange={(event) => place.go({ role: event.target.value })}
        />
        {query.data?.prompt.is_draft ? <Badge tone="info">With your changes, not saved</Badge> : null}
      </div>
      <QueryView query={query} what="The prompt" skeleton={<Skeleton className="h-96 rounded-md" />}>
        {({ prompt }) => <Prompt {...props} prompt={prompt} stale={query.isFetching} />}
      </QueryView>
    </div>
  )
}

const isSoul = (path: string): boolean => path === 'SOUL.md' || path.startsWith('souls/')

type PromptProps = TabProps & { prompt: RenderedPrompt; stale: boolean }

const Prompt = ({ prompt, stale, ...props }: PromptProps) => {
  const { place } = props
  const used = prompt.parts.filter(({ starts_at: at }) => at !== null)
  const chosen = used.find(({ path }) => path === place.file) ?? used.find(({ path }) => isSoul(path)) ?? used[0]
  return (
    <div className="grid items-start gap-4 rail:grid-cols-2">
      <Card title="Parts, in the order of the prompt" flush>
        <Parts prompt={prompt} chosen={chosen?.path ?? null} onChoose={(file) => place.go({ file })} />
        {chosen ? <PromptFileView {...props} path={chosen.path} /> : null}
      </Card>
      <Card
        title="The prompt as a model gets it"
        actions={
          <span className="text-ink-muted text-meta">
            {formatCount(prompt.text.length)} characters, about {formatShortCount(prompt.estimated_tokens)} tokens
          </span>
        }
        className={cn('transition-opacity', stale && 'opacity-60')}
      >
        <PromptText text={prompt.text} part={chosen} />
        <p className="mt-3 text-ink-muted text-meta">
          The time of day and what a run recalls by itself are added when it runs.
        </p>
      </Card>
    </div>
  )
}

const STATES = { absent: 'not there', unused: 'not used', whole: 'whole', cut: 'cut', omitted: 'left out' } as const

type PartsProps = { prompt: RenderedPrompt; chosen: string | null; onChoose: (path: string) => void }

const Parts = ({ prompt, chosen, onChoose }: PartsProps) => {
  const there = prompt.parts.filter(({ state }) => state !== 'absent')
  return (
    <>
      <ul className="grid gap-0.5 p-2" aria-label="Parts">
        {there.map((part) => (
          <li key={part.path}>
            <button
              type="button"
              disabled={part.starts_at === null}
              aria-current={part.path === chosen ? 'true' : undefined}
              onClick={() => onChoose(part.path)}
              className={cn(
                'flex h-8 w-full min-w-0 items-center gap-2 rounded-sm px-2 text-left text-table disabled:cursor-default',
                part.path === chosen ? 'bg-accent-soft text-accent' : 'text-ink enabled:hover:bg-hover',
              )}
            >
              <span className="min-w-0 truncate font-mono text-meta">{part.path}</span>
              {part.state === 'cut' || part.state === 'omitted' ? (
                <Badge tone="warn">{STATES[part.state]}</Badge>
              ) : part.state === 'unused' ? (
                <span className="text-ink-muted text-meta">{STATES.unused}</span>
              ) : null}
              <span className="ml-auto shrink-0 text-ink-muted text-meta">
                {part.state === 'cut' ? `${formatCount(part.injected_chars)} of ` : ''}
                {formatCount(part.raw_chars)}
              </span>
            </button>
          </li>
        ))}
        {prompt.skills_form === 'none' ? null : (
          <li className="px-2 text-ink-muted text-meta">
            Skills follow, {prompt.skills_form === 'block' ? 'in full' : 'as a list of names'}.
          </li>
        )}
      </ul>
      {prompt.warnings.length > 0 ? (
        <ul className="mx-4 mb-3 grid gap-1 text-meta text-warn">
          {prompt.warnings.slice(0, 10).map((warning) => (
            <li key={warning} className="break-words">
              {warning}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
