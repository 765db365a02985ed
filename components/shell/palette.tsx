'use client'

import { Command } from 'cmdk'
import type { LucideIcon } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { Kbd } from '@/components/ui/kbd'
import { useReturnFocus } from '@/components/ui/use-return-focus'
import { type PaletteAct, usePaletteActs } from './use-palette-acts'

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void; onHelp: () => void; onExplain: () => void }

export const Palette = ({ open, onOpenChange, ...acts }: PaletteProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
      <PaletteContent close={() => onOpenChange(false)} {...acts} />
    </Radix.Portal>
  </Radix.Root>
)

const PaletteContent = (props: BodyProps) => (
  <Radix.Content
    {...useReturnFocus()}
    aria-describedby={undefined}
    className="fixed top-[12vh] left-1/2 z-50 w-[min(560px,calc(100vw-24px))] -translate-x-1/2 animate-appear overflow-hidden rounded-md border border-line bg-raised shadow-overlay focus:outline-none"
  >
    <Radix.Title className="sr-only">Search and commands</Radix.Title>
    <PaletteBody {...props} />
  </Radix.Content>
)

type BodyProps = { close: () => void; onHelp: () => void; onExplain: () => void }

const PaletteBody = ({ close, onHelp, onExplain }: BodyProps) => {
  const [text, setText] = useState('')
  const groups = usePaletteActs({ text, onHelp, onExplain })
  return (
    <Command label="Search and commands" loop shouldFilter={false}>
      <Command.Input
        autoFocus
        value={text}
        onValueChange={setText}
        placeholder="Go to a page, or paste the id of a trace, request or event"
        className="h-12 w-full border-line border-b bg-transparent px-4 text-ink text-prose outline-none"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        {groups.length === 0 ? (
          <p className="px-3 py-8 text-center text-ink-muted text-table">
            Nothing has this name. An id opens its trace or what the audit log knows of it.
          </p>
        ) : null}
        {groups.map((group) => (
          <Command.Group
            key={group.name}
            heading={group.name}
            className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-muted [&_[cmdk-group-heading]]:text-meta"
          >
            {group.acts.map((act) => (
              <PaletteItem key={act.id} act={act} close={close} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}

const PaletteItem = ({ act, close }: { act: PaletteAct; close: () => void }) => {
  const Icon: LucideIcon = act.icon
  return (
    <Command.Item
      value={act.id}
      onSelect={() => {
        close()
        act.run()
      }}
      className="flex h-9 cursor-pointer items-center gap-3 rounded-sm px-2 text-ink text-table data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-muted" strokeWidth={1.75} />
      <span className="min-w-0 grow truncate">{act.label}</span>
      {act.keys ? <Kbd keys={act.keys} /> : null}
    </Command.Item>
  )
}
