'use client'

import { ChevronRight, FileText, Folder as FolderIcon } from 'lucide-react'
import { useState } from 'react'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/field'
import { formatCount } from '@/components/ui/format'
import type { Entry, FileState } from './draft'
import { countIn, type Folder, hasChanges, treeOf } from './file-tree'

const MARKS: Record<FileState, { letter: string; words: string; look: string } | null> = {
  same: null,
  changed: { letter: 'M', words: 'changed', look: 'text-info' },
  added: { letter: 'A', words: 'added', look: 'text-ok' },
  deleted: { letter: 'D', words: 'deleted', look: 'text-bad' },
}

const MOST_FOUND = 200
const FEW_FILES = 40

type Choice = { chosen: string | null; onChoose: (path: string) => void }

export const FileTreeView = ({ entries, ...choice }: { entries: readonly Entry[] } & Choice) => {
  const [sought, setSought] = useState('')
  const part = sought.trim().toLowerCase()
  return (
    <nav aria-label="Files" className="grid min-w-0 content-start gap-2">
      {entries.length > FEW_FILES ? (
        <Input
          type="search"
          aria-label="Find a file"
          placeholder="Find a file"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
          className="h-7"
        />
      ) : null}
      {part === '' ? (
        <Branch folder={treeOf(entries)} opensAll={entries.length <= FEW_FILES} {...choice} />
      ) : (
        <Found entries={entries.filter(({ path }) => path.toLowerCase().includes(part))} {...choice} />
      )}
    </nav>
  )
}

const Found = ({ entries, ...choice }: { entries: readonly Entry[] } & Choice) => (
  <>
    <p role="status" className="px-2 text-ink-muted text-meta">
      {formatCount(entries.length)} found{entries.length > MOST_FOUND ? `, the first ${MOST_FOUND} shown` : ''}
    </p>
    <ul>
      {entries.slice(0, MOST_FOUND).map((entry) => (
        <FileRow key={entry.path} entry={entry} name={entry.path} {...choice} />
      ))}
    </ul>
  </>
)

type BranchProps = { folder: Folder; opensAll: boolean } & Choice

const Branch = ({ folder, opensAll, ...choice }: BranchProps) => (
  <ul className="min-w-0">
    {folder.folders.map((inner) => (
      <FolderRow key={inner.path} folder={inner} opensAll={opensAll} {...choice} />
    ))}
    {folder.files.map((entry) => (
      <FileRow key={entry.path} entry={entry} name={entry.name} {...choice} />
    ))}
  </ul>
)

const FolderRow = ({ folder, opensAll, ...choice }: BranchProps) => {
  const holdsChosen = choice.chosen?.startsWith(`${folder.path}/`) ?? false
  const [wish, setWish] = useState<boolean | null>(null)
  const isOpen = wish ?? (opensAll || holdsChosen || hasChanges(folder))
  return (
    <li className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setWish(!isOpen)}
        className="flex h-7 w-full min-w-0 items-center gap-1 rounded-sm px-1 text-left text-ink-soft text-table hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn('size-3.5 shrink-0 text-ink-muted transition-transform', isOpen && 'rotate-90')}
        />
        <FolderIcon aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
        <span className="min-w-0 truncate" title={folder.path}>
          {folder.name}
        </span>
        <span className="ml-auto pl-1 text-ink-muted text-meta">{formatCount(countIn(folder))}</span>
      </button>
      {isOpen ? (
        <div className="ml-2.5 border-line border-l pl-1.5">
          <Branch folder={folder} opensAll={opensAll} {...choice} />
        </div>
      ) : null}
    </li>
  )
}

const FileRow = ({ entry, name, chosen, onChoose }: { entry: Entry; name: string } & Choice) => {
  const mark = MARKS[entry.state]
  const isChosen = chosen === entry.path
  return (
    <li className="min-w-0">
      <button
        type="button"
        aria-current={isChosen ? 'true' : undefined}
        onClick={() => onChoose(entry.path)}
        title={entry.path}
        className={cn(
          'flex h-7 w-full min-w-0 items-center gap-1.5 rounded-sm px-2 text-left text-table',
          isChosen ? 'bg-accent-soft font-medium text-accent' : 'text-ink hover:bg-hover',
        )}
      >
        <FileText aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
        <span className={cn('min-w-0 truncate', entry.state === 'deleted' && 'line-through')}>{name}</span>
        {mark ? (
          <span className={cn('ml-auto shrink-0 pl-1 font-mono text-meta', mark.look)}>
            <span aria-hidden>{mark.letter}</span>
            <span className="sr-only">, {mark.words}</span>
          </span>
        ) : null}
      </button>
    </li>
  )
}
