import { Card } from '@/components/ui/card'
import { formatBytes, formatCount } from '@/components/ui/format'
import type { FileChange, PromptChange, VersionDiff } from '@/lib/workspace/contract/version-diff'
import { ChangedText, Counts } from './changed-text'
import { Changes } from './named-changes'

const STATUSES = {
  added: { word: 'added', tone: 'ok' },
  modified: { word: 'changed', tone: 'info' },
  deleted: { word: 'deleted', tone: 'bad' },
  mode: { word: 'executable bit', tone: 'warn' },
} as const

const FEW = 6

const sizeWords = ({ old_size: old, new_size: now }: Pick<FileChange, 'old_size' | 'new_size'>): string =>
  [old === null ? null : `${formatBytes(old)} before`, now === null ? null : `${formatBytes(now)} now`]
    .filter(Boolean)
    .join(', ')

const whyNone = (file: FileChange): string => {
  if (file.status === 'mode') return 'Its content is the same; whether it may be executed changed.'
  if (file.is_binary) return `Bytes and no text: ${sizeWords(file)}.`
  return file.hunks === null ? `Too many lines to be compared here: ${sizeWords(file)}.` : 'An empty file.'
}

/** Two versions side by side: files by line, the prompt of each role, and what may be done. */
export const VersionDiffView = ({ diff }: { diff: VersionDiff }) => (
  <div className="grid gap-4">
    <FilesCard diff={diff} />
    {diff.prompts.length > 0 ? <PromptsCard prompts={diff.prompts} /> : null}
    <Changes diff={diff} />
    {diff.notes.length > 0 ? (
      <ul className="grid gap-1 text-ink-muted text-table">
        {diff.notes.map((note) => (
          <li key={note}>{note}.</li>
        ))}
      </ul>
    ) : null}
  </div>
)

const FilesCard = ({ diff }: { diff: VersionDiff }) => (
  <Card
    title={`Files (${formatCount(diff.summary.files_changed)})`}
    actions={<Counts added={diff.summary.lines_added} removed={diff.summary.lines_removed} />}
    flush
  >
    {diff.files.length === 0 ? (
      <p className="p-4 text-ink-muted text-table">Every file is the same.</p>
    ) : (
      <ul>
        {diff.files.map((file) => (
          <ChangedText
            key={file.path}
            title={file.path}
            status={STATUSES[file.status]}
            counts={file.is_binary ? null : { added: file.lines_added, removed: file.lines_removed }}
            hunks={file.hunks}
            otherwise={whyNone(file)}
            startsOpen={diff.files.length <= FEW}
          />
        ))}
      </ul>
    )}
  </Card>
)

const growth = ({ old_size: old, new_size: now }: PromptChange): string =>
  `${formatCount(old)} → ${formatCount(now)} characters`

const PromptsCard = ({ prompts }: { prompts: readonly PromptChange[] }) => (
  <Card title={`Prompt (${formatCount(prompts.length)} ${prompts.length === 1 ? 'role' : 'roles'})`} flush>
    <ul>
      {prompts.map((prompt) => (
        <ChangedText
          key={prompt.role}
          title={prompt.role}
          status={{ word: growth(prompt), tone: 'system' }}
          counts={{ added: prompt.lines_added, removed: prompt.lines_removed }}
          hunks={prompt.hunks}
          otherwise="Too many lines to be compared here."
          startsOpen={prompts.length === 1}
        />
      ))}
    </ul>
  </Card>
)
