'use client'

import { useSyncExternalStore } from 'react'
import { CodeBlock } from '@/components/ui/code-block'
import { Tabs } from '@/components/ui/tabs'
import type { Snippet } from './snippets'

const never = () => () => undefined

const useOrigin = (): string =>
  useSyncExternalStore(
    never,
    () => location.origin,
    () => 'https://clasper.example',
  )

type SnippetTabsProps = { label: string; make: (origin: string) => Snippet[] }

export const SnippetTabs = ({ label, make }: SnippetTabsProps) => (
  <Tabs
    label={label}
    tabs={make(useOrigin()).map((snippet) => ({
      id: snippet.id,
      label: snippet.label,
      content: <CodeBlock label={snippet.says} code={snippet.code} anywhere />,
    }))}
  />
)
