'use client'

import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

type Tab = { id: string; label: string; content: ReactNode }

export const Tabs = ({ tabs, label }: { tabs: readonly Tab[]; label: string }) => (
  <Radix.Root defaultValue={tabs[0]?.id ?? ''}>
    <Radix.List aria-label={label} className="flex gap-4 border-line border-b">
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
