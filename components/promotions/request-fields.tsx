'use client'

import { useState } from 'react'
import { namesIn } from '@/components/environments/environment-words'
import { toInstant } from '@/components/table/filter-field'
import { Check, Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'

export type Wishes = {
  note: string
  at: string
  isCanary: boolean
  percent: string
  users: string
  isLater: boolean
}

const NONE: Wishes = { note: '', at: '', isCanary: false, percent: '10', users: '', isLater: false }

export const useWishes = () => {
  const [value, setValue] = useState<Wishes>(NONE)
  return { value, change: (patch: Partial<Wishes>) => setValue({ ...value, ...patch }) }
}

const percentIn = (text: string): number | null => (/^(?:100|\d{1,2})$/.test(text.trim()) ? Number(text) : null)

/** What is asked for besides the two ends; null where something of it cannot be read. */
export const bodyOf = ({ note, at, isCanary, percent, users, isLater }: Wishes) => {
  const share = percentIn(percent)
  if ((isCanary && share === null) || (isLater && at === '')) return null
  return {
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...(isLater ? { apply_at: toInstant(at) } : {}),
    ...(isCanary && share !== null ? { canary: { percent: share, users: namesIn(users) } } : {}),
  }
}

type Props = {
  wishes: ReturnType<typeof useWishes>
  // Only beside what the target runs already.
  mayCanary: boolean
  target: string
  isTried: boolean
  error: unknown
}

export const RequestFields = ({ wishes: { value, change }, mayCanary, target, isTried, error }: Props) => {
  const faults = fieldErrors(error)
  return (
    <>
      <Field label="Note" hint="What it is about, for whoever decides." error={faults['note']}>
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={2}
            maxLength={2_000}
            value={value.note}
            onChange={(event) => change({ note: event.target.value })}
          />
        )}
      </Field>
      {mayCanary ? (
        <Check
          label="As a canary first"
          hint={`A part of the people in ${target} gets it, beside what runs there.`}
          checked={value.isCanary}
          onChange={(event) => change({ isCanary: event.target.checked })}
        />
      ) : null}
      {value.isCanary ? (
        <Field
          label="Percent of people"
          error={percentIn(value.percent) === null ? 'A whole number from 0 to 100' : faults['canary']}
        >
          {(wiring) => (
            <Input
              {...wiring}
              inputMode="numeric"
              className="w-24"
              value={value.percent}
              onChange={(event) => change({ percent: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {value.isCanary ? (
        <Field label="And these people" hint="User ids, one a line; they get it whatever the percentage.">
          {(wiring) => (
            <Textarea
              {...wiring}
              rows={2}
              className="font-mono text-meta"
              value={value.users}
              onChange={(event) => change({ users: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      <Check
        label="Apply it by itself later"
        hint="At that moment, or as soon after as its checks, approvals and soak time are there."
        checked={value.isLater}
        onChange={(event) => change({ isLater: event.target.checked })}
      />
      {value.isLater ? (
        <Field
          label="Moment (UTC)"
          error={isTried && value.at === '' ? 'Choose a moment, within 90 days' : faults['apply_at']}
        >
          {(wiring) => (
            <Input
              {...wiring}
              type="datetime-local"
              className="w-60 max-w-full"
              value={value.at}
              onChange={(event) => change({ at: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </>
  )
}
