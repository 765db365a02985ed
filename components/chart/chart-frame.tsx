'use client'

import { ChartColumn, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'

export type ChartFact = { key: string; label: string; value: string; href?: string }

type ChartFrameProps = {
  title: string
  summary: string
  valueName: string
  keyName: string
  facts: readonly ChartFact[]
  children: ReactNode
}

export const ChartFrame = ({ title, summary, valueName, keyName, facts, children }: ChartFrameProps) => {
  const [asTable, setAsTable] = useState(false)
  const Icon = asTable ? ChartColumn : Table2
  const toggle = (
    <Button look="quiet" size="small" onClick={() => setAsTable(!asTable)}>
      <Icon aria-hidden className="size-3.5" />
      {asTable ? 'View as chart' : 'View as table'}
    </Button>
  )
  return (
    <Card title={title} actions={toggle}>
      {asTable ? (
        <FactTable title={title} keyName={keyName} valueName={valueName} facts={facts} />
      ) : (
        <figure>
          <figcaption className="mb-2 text-ink-muted text-meta">{summary}</figcaption>
          {children}
        </figure>
      )}
    </Card>
  )
}

type FactTableProps = Pick<ChartFrameProps, 'title' | 'keyName' | 'valueName' | 'facts'>

const FactTable = ({ title, keyName, valueName, facts }: FactTableProps) => (
  <table className="w-full text-table">
    <caption className="sr-only">{title}</caption>
    <thead>
      <tr className="text-left text-ink-muted text-meta">
        <th scope="col" className="h-7 font-medium">
          {keyName}
        </th>
        <th scope="col" className="h-7 text-right font-medium">
          {valueName}
        </th>
      </tr>
    </thead>
    <tbody>
      {facts.map((fact) => (
        <tr key={fact.key} className="border-line border-t">
          <td className="h-7">{fact.label}</td>
          <td className="h-7 text-right">
            {fact.href ? (
              <a href={fact.href} className="text-accent underline-offset-2 hover:underline">
                {fact.value}
              </a>
            ) : (
              fact.value
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
