import type { Scope } from '@/lib/core/scope'
import { countWaiting, openWindows } from '@/lib/governance'
import type { Headline, OverviewView } from '../contract'
import { headline } from './headline'

type Receipts = OverviewView['receipts']

const LIST = '/ops/receipts'

/** Windows stay here until a second person acknowledged them: nobody can have missed one. */
export const receiptsOf = async (scope: Scope): Promise<Receipts> => {
  if (!scope.permissions.has('audit:view')) return null
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
}: NonNullable<Receipts>['windows'][number]): string => {
  const what = permissions.join(', ')
  if (!isOpen || until === null) return `${nameOf(actor)} broke the glass for ${what}; nobody acknowledged it yet`
  return `${nameOf(actor)} holds ${what} by break-glass until ${until.slice(11, 16)} UTC`
}

export const receiptHeadlines = (receipts: Receipts): Headline[] => {
  if (receipts === null) return []
  const { overdue, windows } = receipts
  const late = `${overdue} ${overdue === 1 ? 'exception waits' : 'exceptions wait'} for a second person since more than a day`
  return [
    ...(overdue > 0 ? [headline('error', late, `${LIST}?state=overdue`)] : []),
    ...windows.map((window) => headline('attention', windowLine(window), `${LIST}?kind=break_glass`)),
  ]
}
