'use client'

import { Rocket } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { plural } from '@/components/traces/trace-words'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Field, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { shortVersion } from '@/components/workspaces/workspace-words'
import type { Promotion } from '@/lib/promotion/contract'
import { OverrideFields, overrideOf, useOverride } from './override-fields'
import { CHECKS } from './promotion-words'
import { useExecute } from './use-promotions'

const failedIn = ({ checks }: Promotion): string =>
  checks
    .filter(({ status }) => status === 'fail')
    .map(({ name }) => CHECKS[name].toLowerCase())
    .join(', ')

const peopleOf = ({ percent, users }: { percent: number; users: readonly string[] }): string => {
  const named = plural(users.length, 'named person', 'named people')
  if (percent === 0) return named
  return users.length === 0 ? `${percent} % of the people` : `${percent} % of the people and ${named}`
}

// The one button, its consequence, and the way back that will exist.
const consequence = ({ target_env: target, version_hash: hash, replaces, is_canary: isCanary, next }: Promotion) => {
  const who = isCanary && next.canary ? `${peopleOf(next.canary)} in` : 'every run in'
  const back = replaces
    ? `One act takes it back: ${target} then gets ${shortVersion(replaces.version_hash)} again, with the skills and the model that it had.`
    : `Taken back, ${target} has nothing pinned again.`
  return `From then on ${who} ${target} gets ${shortVersion(hash)}. Runs that are under way keep what they began with. ${back}`
}

const useExecution = (promotion: Promotion) => {
  const [reason, setReason] = useState('')
  const override = useOverride()
  const execute = useExecute()
  const passes = !promotion.can.execute
  const isReady = reason.trim() !== '' && (!passes || override.isReady)
  const run = async () => {
    const params = { workspaceId: promotion.workspace_id, id: promotion.id }
    const annotation = { key: 'reason', value: reason.trim() }
    const body = { annotation, ...(passes ? overrideOf(override) : {}) }
    const answer = await execute.mutateAsync({ params, body }).catch(() => null)
    if (answer)
      notifyDone({
        text: `${promotion.target_env} runs ${shortVersion(promotion.version_hash)}`,
        auditHref: auditHref(answer.requestId),
      })
  }
  return { reason, setReason, override, execute, passes, isReady, run }
}

export const ExecuteForm = ({ promotion }: { promotion: Promotion }) => {
  const [isWished, setWished] = useState(false)
  const own = useExecution(promotion)
  if (own.passes && !isWished)
    return (
      <div className="grid gap-1.5">
        <Button className="w-fit" onClick={() => setWished(true)}>
          Override what fails…
        </Button>
        <p className="text-ink-muted text-meta">Fails now: {failedIn(promotion)}.</p>
      </div>
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (own.isReady) void own.run()
  }
  return (
    <Card title={own.passes ? 'Execute with an override' : 'Execute'}>
      <form onSubmit={submit} className="grid gap-4" aria-label="Execute">
        <p className="text-ink-soft text-table">{consequence(promotion)}</p>
        {own.passes ? (
          <>
            <p className="text-table text-warn">It passes over: {failedIn(promotion)}.</p>
            <OverrideFields override={own.override} error={own.execute.error} />
          </>
        ) : null}
        <Field
          label="Why now"
          hint="It stays in the history of the environment and in the audit log."
          error={fieldErrors(own.execute.error)['annotation']}
        >
          {(wiring) => (
            <Textarea
              {...wiring}
              rows={2}
              maxLength={2_000}
              value={own.reason}
              onChange={(event) => own.setReason(event.target.value)}
            />
          )}
        </Field>
        {own.execute.error ? <ErrorLine error={own.execute.error} /> : null}
        <Button
          type="submit"
          look={own.passes ? 'danger' : 'primary'}
          className="w-fit max-w-full"
          pending={own.execute.isPending}
          disabled={!own.isReady}
        >
          <Rocket aria-hidden className="size-4" /> Give {promotion.target_env} {shortVersion(promotion.version_hash)}
        </Button>
      </form>
    </Card>
  )
}
