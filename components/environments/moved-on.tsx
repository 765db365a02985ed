import { GitMerge } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { personOf, shortVersion } from '@/components/workspaces/workspace-words'
import type { EnvironmentView } from '@/lib/workspace/contract/environments'

type Props = { environment: EnvironmentView; onTakeOver: () => void }

/** Somebody was faster: what runs there now is said, and nothing was changed. */
export const MovedOn = ({ environment: { environment, pin }, onTakeOver }: Props) => (
  <section
    role="alert"
    aria-label="Changed meanwhile"
    className="grid gap-2 rounded-md bg-warn-soft px-4 py-3 text-table text-warn"
  >
    <p className="flex items-start gap-2 font-medium">
      <GitMerge aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {environment} was changed while this was open
        {pin ? (
          <>
            : it runs {shortVersion(pin.version_hash)} by {personOf(pin.pinned_by)},{' '}
            <RelativeTime iso={pin.pinned_at} />
          </>
        ) : (
          ': nothing is pinned there'
        )}
        . Nothing of yours was applied.
      </span>
    </p>
    <div>
      <Button size="small" onClick={onTakeOver}>
        I have seen it; let me apply mine over it
      </Button>
    </div>
  </section>
)
