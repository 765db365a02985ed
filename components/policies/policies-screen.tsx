'use client'

import { Plus, Scale } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import type { FilterField } from '@/components/table/filter-field'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Button } from '@/components/ui/button'
import { opsListPolicies, type PolicyList } from '@/lib/governance/contract'
import { POLICY_COLUMNS } from './policy-columns'
import { PolicyDetail } from './policy-detail'
import { PolicyEditor } from './policy-editor'
import { PolicyFaults } from './policy-faults'
import { MODES, POLICIES_TEXT, rowKey } from './policy-words'
import { useHits, usePolicies } from './use-policies'

const FIELDS: readonly FilterField[] = [
  { name: 'workspace_id', label: 'Workspace', kind: 'text', hint: 'What holds in it, with the policies in its files' },
  { name: 'environment', label: 'Environment', kind: 'text', hint: 'What holds in it' },
  {
    name: 'enabled',
    label: 'State',
    kind: 'choice',
    options: [
      { value: 'true', label: 'On' },
      { value: 'false', label: 'Off' },
    ],
  },
]

export const PoliciesScreen = () => {
  const filters = useFilters(opsListPolicies)
  const query = usePolicies(filters.wire)
  const peek = usePeek()
  const peeked = query.data?.policies.find((policy) => rowKey(policy) === peek.id || policy.policy_id === peek.id)
  return (
    <>
      <PageHeader title="Policies" text={POLICIES_TEXT}>
        <NewPolicy />
      </PageHeader>
      {query.data ? <PolicyFaults faults={query.data.faults} /> : null}
      <div className="flex items-start gap-4">
        <section
          aria-label="Policies"
          className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
        >
          <FilterBar filters={filters} fields={FIELDS}>
            {query.data ? <p className="text-ink-muted text-meta">{MODES[query.data.mode]}</p> : null}
          </FilterBar>
          <QueryView
            query={query}
            what="The policies"
            stillWorks="They hold all the same."
            skeleton={<TableSkeleton columns={POLICY_COLUMNS} rows={8} />}
          >
            {(list) => <Policies list={list} stale={query.isPlaceholderData} />}
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={peeked?.policy_id ?? 'Policy'}>
          {peeked ? (
            <PolicyDetail key={rowKey(peeked)} policy={peeked} />
          ) : (
            <p className="text-ink-muted text-table">
              {query.data
                ? 'No such policy holds here. It may be gone, or stand in the files of another workspace.'
                : 'One moment.'}
            </p>
          )}
        </PeekPanel>
      </div>
    </>
  )
}

const NewPolicy = () => {
  const [open, setOpen] = useState(false)
  if (!useMay('policy:manage')) return null
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" /> New policy
      </Button>
      <PolicyEditor policy={null} open={open} onOpenChange={setOpen} />
    </>
  )
}

const Policies = ({ list, stale }: { list: PolicyList; stale: boolean }) => {
  const hits = useHits()
  if (list.policies.length === 0)
    return (
      <EmptyState
        icon={Scale}
        title="No policy speaks yet"
        text={`${MODES[list.mode]} A policy can also stand in a file of the workspace, beside its tests:`}
        command={{ label: 'Run the tests of the policies', code: 'clasper policy test' }}
        action={<NewPolicy />}
      />
    )
  return (
    <DataTable
      caption="Policies, strongest first"
      columns={POLICY_COLUMNS}
      rows={list.policies.map((policy) => ({ ...policy, hits: hits?.get(policy.policy_id) ?? null }))}
      rowId={rowKey}
      stale={stale}
    />
  )
}
