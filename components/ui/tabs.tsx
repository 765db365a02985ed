'use client'

import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

type Tab = { id: string; label: string; content: ReactNode }

type TabsProps = { tabs: readonly Tab[]; label: string; value?: string; onValueChange?: (id: string) => void }

// Keeps its own place, unless whoever shows it does.
export const Tabs = ({ tabs, label, ...place }: TabsProps) => (
  <Radix.Root {...(place.value === undefined ? { defaultValue: tabs[0]?.id ?? '' } : place)}>
    <Radix.List aria-label={label} className="flex flex-wrap gap-x-4 border-line border-b">
      {tabs.map((tab) => (
        <Radix.Trigger
          key={tab.id}
          value={tab.id}
          className="-mb-px h-8 border-transparent border-b-2 text-ink-muted text-table hover:text-ink data-[state=active]:border-accent-line data-[state=active]:font-medium data-[state=active]:text-ink"
        >
          {tab.label}
        </Radix.Trigger>
      ))}
    </Radix.List>
    {tabs.map((tab) => (
      <Radix.Content key={tab.id} value={tab.id} className="pt-4">
        {tab.content}
      </Radix.Content>
    ))}
  </Radix.Root>
)
