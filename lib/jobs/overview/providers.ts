import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { providersHealth } from '@/lib/providers'
import { isProblemCode, PROBLEMS } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { Headline } from '../contract'
import { fenceOf } from '../fence'
import { clockOf, headline, linkTo, plural } from './headline'
import { FAILED_BY_PROVIDER } from './sql'

const MOST_FAILED = 1_000
const MOST_NAMED = 3
const FEW = 2
const ITS_OWN = ['provider_error', 'provider_empty', 'provider_invalid_output']

type Failures = { provider: string; failed: number; own: Map<string, number> }

const failuresSince = async (scope: Scope, since: string): Promise<Failures[]> => {
  const fence = fenceOf(scope)
  const rows = await scope.rows(FAILED_BY_PROVIDER, {
    since: storedTime(dateOf(since)),
    most: MOST_FAILED,
    workspaces: fence && JSON.stringify(fence),
  })
  const all = new Map<string, Failures>()
  for (const row of rows) {
    const [provider, code, n] = [String(row['provider']), String(row['code'] ?? ''), Number(row['n'])]
    const known = all.get(provider) ?? { provider, failed: 0, own: new Map() }
    known.failed += n
    if (ITS_OWN.includes(code)) known.own.set(code, (known.own.get(code) ?? 0) + n)
    all.set(provider, known)
  }
  return [...all.values()]
}

const ownOf = ({ own }: Failures): number => [...own.values()].reduce((sum, n) => sum + n, 0)

const whyOf = ({ own }: Failures): string =>
  [...own]
    .sort(([, a], [, b]) => b - a)
    .map(([code, n]) => `${n} × ${isProblemCode(code) ? PROBLEMS[code].text.replace(/\.$/, '') : code}`)
    .join(', ')

/** Providers that did not answer. What is counted is what the list of traces shows behind the link. */
export const providerFailures = async (scope: Scope, since: string): Promise<Headline[]> => {
  if (!scope.permissions.has('trace:view')) return []
  const found = await failuresSince(scope, since)
  return found
    .filter((one) => ownOf(one) >= FEW)
    .sort((a, b) => b.failed - a.failed)
    .slice(0, MOST_NAMED)
    .map((one) =>
      headline(
        'attention',
        `${plural(one.failed, 'run', 'runs')} with ${one.provider} failed since ${clockOf(since)}`,
        linkTo('/ops/traces', { provider: one.provider, status: 'error', start_date: since }),
        whyOf(one),
      ),
    )
}

const resting = (): Headline[] => {
  try {
    return providersHealth()
      .cooldowns.slice(0, MOST_NAMED)
      .map(({ provider, model, failures, until }) =>
        headline(
          'attention',
          `${provider}/${model} rests until ${clockOf(toWire(until))}`,
          '/ops/health',
          `${plural(failures, 'failure', 'failures')} in a row`,
        ),
      )
  } catch {
    return [headline('error', 'No model is set up as it has to be', '/ops/health')]
  }
}

export const restingModels = (scope: Scope): Headline[] => (scope.permissions.has('system:view') ? resting() : [])
