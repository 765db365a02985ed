import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/skeleton'

type NoBudgetProps = { scope: string; query: { error: unknown; isPending: boolean } }

const whose = (scope: string): string =>
  scope === 'tenant' ? 'the whole tenant' : `the workspace ${scope.replace(/^workspace:/, '')}`

export const NoBudget = ({ scope, query: { error, isPending } }: NoBudgetProps) => {
  const mayChange = useMay('budget:modify')
  if (isPending) return <Skeleton className="h-[314px] w-full rounded-md" />
  return (
    <Card title="Budget burn-down">
      {error ? (
        <ErrorLine error={error} />
      ) : (
        <div className="grid gap-3">
          <p className="text-ink-soft text-table">
            No budget is set for {whose(scope)}: nothing stops what runs there may spend.
          </p>
          {mayChange ? (
            <Button asChild className="justify-self-start">
              <a href={`/ops/budgets?new=${encodeURIComponent(scope)}`}>Set a budget…</a>
            </Button>
          ) : (
            <p className="text-ink-muted text-table">To set one needs a release manager.</p>
          )}
        </div>
      )}
    </Card>
  )
}
