import { cn } from '@/components/ui/cn'
import type { Hunk } from '@/lib/workspace/contract/version-diff'

type Line = { key: string; sign: string; text: string; old: number | null; now: number | null }

const linesOf = (hunk: Hunk): Line[] => {
  let [old, now] = [hunk.old_start, hunk.new_start]
  return hunk.lines.map((line, at) => {
    const [sign, text] = [line[0] ?? ' ', line.slice(1)]
    const place = { old: sign === '+' ? null : old, now: sign === '-' ? null : now }
    if (sign !== '+') old += 1
    if (sign !== '-') now += 1
    return { key: `${at} ${sign}`, sign, text, ...place }
  })
}

const LOOKS: Readonly<Record<string, string>> = { '+': 'bg-ok-soft', '-': 'bg-bad-soft' }
const WORDS: Readonly<Record<string, string>> = { '+': 'Added: ', '-': 'Removed: ' }
const SIGNS: Readonly<Record<string, string>> = { '+': 'text-ok', '-': 'text-bad' }

const LineRow = ({ line }: { line: Line }) => (
  <div className={cn('flex min-w-0', LOOKS[line.sign])}>
    <span aria-hidden className="w-9 shrink-0 select-none pr-1.5 text-right text-ink-muted max-sheet:hidden">
      {line.old}
    </span>
    <span aria-hidden className="w-9 shrink-0 select-none pr-1.5 text-right text-ink-muted">
      {line.now}
    </span>
    <span aria-hidden className={cn('w-4 shrink-0 select-none', SIGNS[line.sign])}>
      {line.sign}
    </span>
    <span className="min-w-0 whitespace-pre-wrap break-words text-ink [overflow-wrap:anywhere]">
      {WORDS[line.sign] ? <span className="sr-only">{WORDS[line.sign]}</span> : null}
      {line.text}
    </span>
  </div>
)

/** What differs, line by line, with a few lines around it. */
export const LineHunks = ({ hunks }: { hunks: readonly Hunk[] }) => (
  <div className="overflow-hidden font-mono text-meta leading-5">
    {hunks.map((hunk) => (
      <div key={`${hunk.old_start} ${hunk.new_start}`}>
        <p className="bg-sunken px-3 text-ink-muted">
          Line {hunk.new_start}
          {hunk.new_lines > 1 ? ` to ${hunk.new_start + hunk.new_lines - 1}` : ''}
        </p>
        {linesOf(hunk).map((line) => (
          <LineRow key={line.key} line={line} />
        ))}
      </div>
    ))}
  </div>
)
