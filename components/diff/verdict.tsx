import { CircleAlert, FileDiff } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { Suspect, TraceDiff } from '@/lib/tracing/contract'
import { suspectWords } from './diff-words'

// Names of tools and models stand between back quotes.
const Sentence = ({ text }: { text: string }) =>
  text.split('`').map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <code key={`${text.slice(0, at)} ${part}`} className="rounded-sm bg-system-soft px-1 font-mono text-table">
        {part}
      </code>
    ),
  )

const sentenceOf = (verdict: string): string => verdict.split(' Suspects: ')[0] ?? verdict

// The one sentence first; what may be why beside it, and never as if it were proven.
export const Verdict = ({ diff }: { diff: TraceDiff }) => (
  <section aria-label="Verdict" className="grid gap-3 rounded-md border border-line bg-surface px-4 py-3.5">
    <h2 className="max-w-[100ch] text-pretty font-semibold text-ink text-title">
      <Sentence text={sentenceOf(diff.verdict)} />
    </h2>
    {diff.suspects.length > 0 ? (
      <div className="grid gap-1.5">
        <h3 className="text-ink-muted text-meta">
          {diff.suspects.length === 1 ? 'One suspect' : `${diff.suspects.length} suspects`}: what else differs, and may
          be why
        </h3>
        <ul className="grid gap-1.5">
          {diff.suspects.map((suspect) => (
            <SuspectRow key={suspect.kind} suspect={suspect} />
          ))}
        </ul>
      </div>
    ) : null}
    {diff.is_partial ? (
      <p className="flex gap-2 text-table text-warn">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" /> One of the two is still running; it is compared
        as far as it has come.
      </p>
    ) : null}
    {diff.context.same_agent ? null : (
      <p className="text-ink-muted text-table">They are runs of different roles, so much may differ by design.</p>
    )}
  </section>
)

const SuspectRow = ({ suspect }: { suspect: Suspect }) => (
  <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-table">
    <Badge>{suspectWords(suspect.kind)}</Badge>
    {suspect.files ? (
      suspect.files.map(({ path, status, lines_added: added, lines_removed: removed }) => (
        <span key={path} className="inline-flex items-center gap-1.5">
          <FileDiff aria-hidden className="size-3.5 text-ink-muted" />
          <code className="break-all font-mono text-meta">{path}</code>
          {status === 'modified' ? (
            <span className="text-meta">
              <span className="text-ok">+{added}</span> <span className="text-bad">−{removed}</span>
            </span>
          ) : (
            <span className="text-ink-muted text-meta">{status}</span>
          )}
        </span>
      ))
    ) : (
      <span className="min-w-0 break-words text-ink">{suspect.sentence}</span>
    )}
  </li>
)
