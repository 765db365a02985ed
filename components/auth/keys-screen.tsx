'use client'

import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { usePeek } from '@/components/table/use-peek'
import { Button } from '@/components/ui/button'
import type { ApiKey } from '@/lib/auth/contract'
import { KEY_COLUMNS } from './key-columns'
import { KeyCreateDialog } from './key-create-dialog'
import { KeyDetail } from './key-detail'
import { useKeys } from './use-keys'

export const KeysScreen = () => {
  const query = useKeys()
  const peek = usePeek()
  const [creating, setCreating] = useState(false)
  const peeked = query.data?.keys.find((key) => key.id === peek.id)
  const create = () => setCreating(true)
  return (
    <>
      <PageHeader title="API keys" text="Which programs may call, what each may do, and when it last did.">
        <CreateButton onClick={create} />
      </PageHeader>
      <div className="flex items-start gap-4">
        <section
          aria-label="API keys"
          className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
        >
          <QueryView
            query={query}
            what="The API keys"
            stillWorks="The keys themselves still work."
            skeleton={<TableSkeleton columns={KEY_COLUMNS} rows={6} />}
          >
            {({ keys }) => (keys.length > 0 ? <KeyTable keys={keys} /> : <NoKeys onCreate={create} />)}
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={peeked?.name ?? 'Key'}>
          {peeked ? (
            <KeyDetail apiKey={peeked} />
          ) : (
            <p className="text-ink-muted">There is no such key in this tenant.</p>
          )}
        </PeekPanel>
      </div>
      <KeyCreateDialog open={creating} onOpenChange={setCreating} />
    </>
  )
}

const CreateButton = ({ onClick }: { onClick: () => void }) => (
  <Button look="primary" onClick={onClick}>
    <Plus aria-hidden className="size-4" /> Create key
  </Button>
)

const KeyTable = ({ keys }: { keys: readonly ApiKey[] }) => (
  <DataTable caption="API keys of this tenant" columns={KEY_COLUMNS} rows={keys} rowId={(key) => key.id} />
)

const NoKeys = ({ onCreate }: { onCreate: () => void }) => (
  <EmptyState
    icon={KeyRound}
    title="No program may call yet"
    text="An API key lets one program act in this tenant, with exactly the scopes that you give it. The first line to try once you have one:"
    command={{
      label: 'Ask who the key is',
      code: `curl -H "X-Agent-Daemon-Key: $CLASPER_KEY" $CLASPER_URL/api/whoami`,
    }}
    action={<CreateButton onClick={onCreate} />}
  />
)
