'use client'

import { useState } from 'react'
import { QueryView } from '@/components/states/query-view'
import { plural } from '@/components/traces/trace-words'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { linkStyle, personOf, saidText } from './eval-words'
import type { DatasetReply } from './use-dataset-place'
import { useDatasetDiff } from './use-datasets'

type VersionsProps = { reply: DatasetReply; onChoose: (version: number) => void }
type Version = DatasetReply['versions'][number]

const FIRST = 10

export const DatasetVersions = ({ reply, onChoose }: VersionsProps) => {
  const [isWhole, setWhole] = useState(false)
  const sorted = reply.versions.toSorted((a, b) => b.version - a.version)
  const shown = isWhole ? sorted : sorted.slice(0, FIRST)
  return (
    <Card title={`Versions (${sorted.length})`} flush>
      <ul className="divide-y divide-line">
        {shown.map((one) => (
          <Line
            key={one.version}
            name={reply.dataset.name}
            one={one}
            isShown={one.version === reply.version}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {sorted.length > shown.length ? (
        <div className="border-line border-t px-4 py-2">
          <Button size="small" onClick={() => setWhole(true)}>
            All {formatCount(sorted.length)} versions
          </Button>
        </div>
      ) : null}
    </Card>
  )
}

type LineProps = { name: string; one: Version; isShown: boolean; onChoose: (version: number) => void }

const Line = ({ name, one, isShown, onChoose }: LineProps) => {
  const [open, setOpen] = useState(false)
  return (
    <li className="grid gap-2 px-4 py-2 text-table">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {isShown ? (
          <span className="font-medium" aria-current="true">
            v{one.version}
          </span>
        ) : (
          <button type="button" className={linkStyle} onClick={() => onChoose(one.version)}>
            v{one.version}
          </button>
        )}
        <span className="min-w-0 grow break-words text-ink-soft">{one.message ?? ''}</span>
        <span className="text-ink-muted">
          {plural(one.case_count, 'case')}, {personOf(one.created_by)} <RelativeTime iso={one.created_at} />
        </span>
        {one.version > 1 ? (
          <Button size="small" look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            What changed<span className="sr-only"> in v{one.version}</span>
          </Button>
        ) : null}
      </div>
      {open ? <Changes name={name} version={one.version} /> : null}
    </li>
  )
}

const Changes = ({ name, version }: { name: string; version: number }) => (
  <QueryView
    query={useDatasetDiff(name, version - 1, version, true)}
    what="What changed"
    skeleton={<Skeleton className="h-12" />}
  >
    {({ added, removed, changed }) => (
      <ul className="grid gap-1">
        {added.map((one) => (
          <Change key={`a ${one.id}`} tone="ok" word="added" text={`${one.name ?? one.id}: ${saidText(one.input)}`} />
        ))}
        {removed.map((one) => (
          <Change
            key={`r ${one.id}`}
            tone="bad"
            word="taken out"
            text={`${one.name ?? one.id}: ${saidText(one.input)}`}
          />
        ))}
        {changed.map((id) => (
          <Change key={`c ${id}`} tone="info" word="changed" text={id} />
        ))}
      </ul>
    )}
  </QueryView>
)

const MOST = 160

const Change = ({ tone, word, text }: { tone: 'ok' | 'bad' | 'info'; word: string; text: string }) => (
  <li className="flex items-start gap-2">
    <Badge tone={tone}>{word}</Badge>
    <span className="min-w-0 break-words text-ink-soft">{text.length > MOST ? `${text.slice(0, MOST)}…` : text}</span>
  </li>
)
