import { EyeOff } from 'lucide-react'
import type { Alignment } from '@/lib/tracing/contract'
import { ChangeList } from './change-list'
import { WordDiff } from './word-diff'

const isText = (path: string): boolean => path === '$.text'

type PairBodyProps = { item: Alignment; isWithheld: boolean }

// What exactly differs: texts word by word, the rest by its path.
export const PairBody = ({ item, isWithheld }: PairBodyProps) => {
  const { text_diff: text, changes } = item
  const others = text ? changes.filter(({ path }) => !isText(path)) : changes
  return (
    <div className="grid gap-2 pb-1">
      {text ? <WordDiff edits={text} /> : null}
      {others.length > 0 || item.changes_cut ? (
        <ChangeList changes={others} isCut={item.changes_cut} isWithheld={isWithheld} />
      ) : null}
      {isWithheld ? (
        <p className="flex items-center gap-1.5 text-ink-muted text-meta">
          <EyeOff aria-hidden className="size-3.5" /> Texts and values are withheld; an administrator sees them.
        </p>
      ) : null}
    </div>
  )
}
