'use client'

import { useState } from 'react'
import { LongText } from '@/components/spans/long-text'
import { traceHref } from '@/components/traces/trace-words'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import type { Dataset } from '@/lib/evals/contract'
import { CaseEditor } from './case-editor'
import { linkStyle, saidText } from './eval-words'
import type { StoredCase } from './use-dataset-place'

type DetailProps = { dataset: Dataset; one: StoredCase; mayEdit: boolean }

export const StoredCaseDetail = ({ dataset, one, mayEdit }: DetailProps) => {
  const [open, setOpen] = useState(false)
  const { trace_id: trace, since_version: since, id, name: _n, input, expected_output: expected, tags, ...rest } = one
  const more = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return (
    <>
      {mayEdit ? (
        <div>
          <Button size="small" onClick={() => setOpen(true)}>
            Change…
          </Button>
          <CaseEditor dataset={dataset} one={one} open={open} onOpenChange={setOpen} />
        </div>
      ) : null}
      <LongText label="Asked" text={saidText(input)} />
      {expected === undefined ? null : <LongText label="Expected" text={saidText(expected)} />}
      {Object.keys(more).length > 0 ? <LongText label="More" text={JSON.stringify(more, null, 2)} /> : null}
      <Facts
        facts={[
          { name: 'Id', value: <CopyId id={id} what="case id" full /> },
          { name: 'Since', value: `v${since}` },
          {
            name: 'From',
            value: trace ? (
              <a href={traceHref(trace)} className={linkStyle}>
                A trace
              </a>
            ) : (
              'Written or imported'
            ),
          },
          {
            name: 'Tags',
            value: (tags ?? []).length === 0 ? 'None' : tags?.map((tag) => <Badge key={tag}>{tag}</Badge>),
          },
        ]}
      />
    </>
  )
}
