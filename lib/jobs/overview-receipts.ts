import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { countWaiting, openWindows } from '@/lib/governance'
import type { OverviewView } from './contract'

type View = z.output<typeof OverviewView>
type Receipts = View['receipts']
type Headline = View['headlines'][number]

const NOTHING: Receipts = { open: 0, overdue: 0, windows: [] }
const LIST = '/ops/receipts'

/** Windows stay here until a second person acknowledged them: nobody can have missed one. */
export const receiptsOf = async (scope: Scope): Promise<Receipts> => {
  if (!scope.permissions.has('audit:view')) return NOTHING
  const [counts, windows] = await Promise.all([countWaiting(scope), openWindows(scope)])
  return {
    ...counts,
    windows: windows.map(({ id, actor, permissions, expires_at, is_window_open }) => ({
      id,
      actor,
      permissions,
      expires_at,
      is_open: is_window_open,
    })),
  }
}

const nameOf = (actor: string): string => actor.replace(/^user:/, '')

const windowLine = ({
  actor,
  permissions,
  expires_at: until,
  is_open: isOpen,
}: Receipts['windows'][number]): string => {
  const what = permissions.join(', ')
  if (!isOpen || until === null) return `${nameOf(actor)} broke the glass for ${what}; nobody acknowledged it yet`
  return `${nameOf(actor)} holds ${what} by break-glass until ${until.slice(11, 16)} UTC`
}

export const receiptHeadlines = ({ overdue, windows }: Receipts): Headline[] => [
  ...(overdue > 0
    ? [
        {
          level: 'error' as const,
          text: `${overdue} ${overdue === 1 ? 'exception waits' : 'exceptions wait'} for a second person since more than a day`,
          href: `${LIST}?state=overdue`,
        },
      ]
    : []),
  ...windows.map((window) => ({
    level: 'attention' as const,
    text: windowLine(window),
    href: `${LIST}?kind=break_glass`,
  })),
]
