'use client'

import { ChevronDown, Rocket } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { PromoteDialog } from '@/components/promotions/promote-dialog'
import { useMay } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu'
import type { EnvironmentView } from '@/lib/workspace/contract/environments'
import type { CardProps } from './act-props'
import { CanaryDialog } from './canary-dialog'
import { CanaryEndDialog } from './canary-end-dialog'
import { nextOf, pinDifferences } from './environment-words'
import { LockDialog } from './lock-dialog'
import { PinDialog } from './pin-dialog'
import { RollbackDialog } from './rollback-dialog'
import { UnpinDialog } from './unpin-dialog'

type Open = 'promote' | 'pin' | 'unpin' | 'canary' | 'end' | 'adopt' | 'rollback' | 'lock' | null

export const EnvironmentActs = (props: CardProps) => {
  const { environment, all } = props
  const [open, setOpen] = useState<Open>(null)
  const may = useMay('workspace:promote')
  if (!may) return null
  const shown = (dialog: Open) => ({
    ...props,
    open: open === dialog,
    onOpenChange: (isOpen: boolean) => setOpen(isOpen ? dialog : null),
  })
  const target = nextOf(all, environment.environment)
  return (
    <footer className="flex flex-wrap items-center gap-2 border-line border-t px-4 py-2.5">
      {environment.pin && target ? (
        <Button look={hasNews(environment, target) ? 'primary' : 'plain'} onClick={() => setOpen('promote')}>
          <Rocket aria-hidden className="size-4" /> Promote to {target.environment}…
        </Button>
      ) : null}
      {environment.pin || environment.gated ? null : (
        <PinButton environment={environment} onOpen={() => setOpen('pin')} />
      )}
      <More environment={environment} choose={setOpen} hasTarget={target !== null} />
      <PromoteDialog {...shown('promote')} target={target?.environment ?? null} />
      <PinDialog {...shown('pin')} />
      <UnpinDialog {...shown('unpin')} />
      <CanaryDialog {...shown('canary')} />
      <CanaryEndDialog {...shown('end')} adopts={false} />
      <CanaryEndDialog {...shown('adopt')} adopts />
      <RollbackDialog {...shown('rollback')} />
      <LockDialog {...shown('lock')} />
    </footer>
  )
}

// Whether the next one would get anything that it has not.
const hasNews = ({ pin }: EnvironmentView, target: EnvironmentView): boolean =>
  pin?.version_hash !== target.pin?.version_hash || pinDifferences(pin, target.pin).length > 0

const PinButton = ({ environment, onOpen }: { environment: EnvironmentView; onOpen: () => void }) =>
  environment.locked ? null : (
    <Button look="primary" onClick={onOpen}>
      Pin a version…
    </Button>
  )

type Choice = { open: Exclude<Open, null>; words: string }

const useChoices = (environment: EnvironmentView, hasTarget: boolean): { change: Choice[]; place: Choice[] } => {
  const mayLock = useMay('workspace:lock')
  const { pin, locked, gated } = environment
  const canary: Choice[] = pin?.canary
    ? [
        { open: 'canary', words: 'Change the canary…' },
        { open: 'adopt', words: 'Give the canary to everybody…' },
        { open: 'end', words: 'End the canary…' },
      ]
    : pin && !gated
      ? [{ open: 'canary', words: 'Start a canary…' }]
      : []
  const change: Choice[] = locked
    ? []
    : [
        ...(gated ? [] : [{ open: 'pin' as const, words: 'Pin a version…' }]),
        ...canary,
        ...(pin && !hasTarget ? [{ open: 'promote' as const, words: 'Promote elsewhere…' }] : []),
      ]
  return {
    change: [...change, ...(pin ? [{ open: 'rollback' as const, words: 'Roll back…' }] : [])],
    place: [
      ...(pin && !locked && !gated ? [{ open: 'unpin' as const, words: 'Take the pin away…' }] : []),
      ...(mayLock ? [{ open: 'lock' as const, words: locked ? 'Unlock…' : 'Lock…' }] : []),
    ],
  }
}

type MoreProps = { environment: EnvironmentView; hasTarget: boolean; choose: (open: Open) => void }

const More = ({ environment, hasTarget, choose }: MoreProps): ReactNode => {
  const { change, place } = useChoices(environment, hasTarget)
  if (change.length + place.length === 0) return null
  const item = ({ open, words }: Choice) => (
    // The menu gives the focus back before a dialog takes it.
    <MenuItem key={open} onSelect={() => setTimeout(() => choose(open))}>
      {words}
    </MenuItem>
  )
  return (
    <Menu
      label={`Acts on ${environment.environment}`}
      align="start"
      trigger={
        <Button aria-label={`More for ${environment.environment}`}>
          More <ChevronDown aria-hidden className="size-3.5" />
        </Button>
      }
    >
      {change.map(item)}
      {change.length > 0 && place.length > 0 ? <MenuLine /> : null}
      {place.map(item)}
    </Menu>
  )
}
