'use client'

import { GitCompareArrows, Tag } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { EvaluateTraces } from '@/components/evals/trace-act'
import { useMay } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-id'
import { isBareKey } from '@/components/ui/keys'
import { Popover } from '@/components/ui/popover'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import type { TraceSummary } from '@/lib/tracing/contract'
import { LabelForm } from './label-editor'
import { diffHref, plural } from './trace-words'
import { useLabels } from './use-traces'

type TraceSelectionProps = { rows: readonly TraceSummary[]; clear: () => void }

// The older run is what the newer one is compared with.
const pairHref = (rows: readonly TraceSummary[]): string | null => {
  const [base, compare, third] = [...rows].sort((a, b) => (a.started_at < b.started_at ? -1 : 1))
  return base && compare && !third ? diffHref(base.id, compare.id) : null
}

export const TraceSelection = ({ rows, clear }: TraceSelectionProps) => {
  const mayDiff = useMay('trace:diff')
  const mayLabel = useMay('trace:label')
  return (
    <>
      <span className="font-medium">{rows.length} selected</span>
      {mayDiff ? <DiffAct rows={rows} /> : null}
      {mayLabel ? <LabelAct rows={rows} /> : null}
      <EvaluateTraces ids={rows.map(({ id }) => id)} onDone={clear} />
      <CopyButton text={rows.map((row) => row.id).join('\n')} label={rows.length === 1 ? 'Copy id' : 'Copy ids'} />
      <Button size="small" look="quiet" onClick={clear}>
        Clear
      </Button>
    </>
  )
}

const DiffAct = ({ rows }: { rows: readonly TraceSummary[] }) => {
  const router = useRouter()
  const href = pairHref(rows)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'd' && href && isBareKey(event)) router.push(href)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [href, router])
  if (!href) return <span className="text-ink-muted text-meta">Select two to compare them.</span>
  return (
    <Button asChild look="primary" size="small">
      <a href={href} aria-keyshortcuts="d">
        <GitCompareArrows aria-hidden className="size-3.5" /> Diff
      </a>
    </Button>
  )
}

const LabelAct = ({ rows }: { rows: readonly TraceSummary[] }) => {
  const [open, setOpen] = useState(false)
  const [pending, setPending] = useState(false)
  const labels = useLabels()
  const add = async (key: string, value: string) => {
    setPending(true)
    const failed: string[] = []
    for (const { id } of rows)
      await labels.mutateAsync({ id, labels: { [key]: value } }).catch((error: Error) => failed.push(error.message))
    setPending(false)
    setOpen(false)
    const done = rows.length - failed.length
    if (done > 0) notifyDone({ text: `${plural(done, 'trace')} labelled ${key}` })
    if (failed.length > 0)
      notifyFailed({ text: `${plural(failed.length, 'trace')} not labelled`, detail: failed[0] ?? '' })
  }
  const trigger = (
    <Button size="small">
      <Tag aria-hidden className="size-3.5" /> Label
    </Button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label="Label the selected traces">
      <div className="p-2">
        <LabelForm isPending={pending} onAdd={add} />
      </div>
    </Popover>
  )
}
