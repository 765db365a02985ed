'use client'

import { Check } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

type MenuProps = { trigger: ReactNode; children: ReactNode; label: string; align?: 'start' | 'end'; wide?: boolean }

export const Menu = ({ trigger, children, label, align = 'end', wide }: MenuProps) => (
  // Rendered in place: it stays inside its landmark, and the page behind stays readable.
  <Radix.Root modal={false}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Content
      aria-label={label}
      align={align}
      sideOffset={6}
      collisionPadding={8}
      className={cn(
        'z-50 max-h-[70vh] animate-appear overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-overlay',
        wide ? 'w-72' : 'min-w-48',
      )}
    >
      {children}
    </Radix.Content>
  </Radix.Root>
)

const itemStyle =
  'flex h-8 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2 text-table text-ink outline-none data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-muted'

export const MenuItem = ({ className, ...props }: ComponentProps<typeof Radix.Item>) => (
  <Radix.Item {...props} className={cn(itemStyle, className)} />
)

// `stays`: the menu stays open, for choosing more than one.
type ChoiceProps = { checked: boolean; stays?: boolean; onSelect: () => void; children: ReactNode }

export const MenuChoice = ({ checked, stays, onSelect, children }: ChoiceProps) => (
  <Radix.CheckboxItem
    checked={checked}
    onSelect={(event) => {
      if (stays) event.preventDefault()
      onSelect()
    }}
    className={cn(itemStyle, 'justify-between')}
  >
    <span className="min-w-0 truncate">{children}</span>
    <Radix.ItemIndicator>
      <Check aria-hidden />
    </Radix.ItemIndicator>
  </Radix.CheckboxItem>
)

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 pt-2 pb-1 text-ink-muted text-meta">{children}</Radix.Label>
)

export const MenuLine = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />
