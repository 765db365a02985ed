'use client'

import { Boxes } from 'lucide-react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { notifyDone } from '@/components/ui/toast'
import { rolesWith } from '@/lib/shared/rbac'
import { useInit } from './use-environments'

export const NoEnvironments = ({ workspaceId }: { workspaceId: string }) => (
  <section aria-label="No environment" className="rounded-md border border-line bg-surface">
    <EmptyState
      icon={Boxes}
      title="This workspace has no environments yet"
      text="Runs get its files as they are. With environments they get the version that is pinned there, and a change goes from dev to staging to prod by what it has shown."
      command={{
        label: 'The same by the API',
        code: `curl -X POST "$CLASPER_URL/workspace/envs/init" -H "Authorization: Bearer $CLASPER_API_KEY" -H "Content-Type: application/json" -d '{"workspace_id":"${workspaceId}"}'`,
      }}
      action={<Init workspaceId={workspaceId} />}
    />
  </section>
)

const Init = ({ workspaceId }: { workspaceId: string }) => {
  const init = useInit()
  if (!useMay('workspace:edit'))
    return (
      <p className="text-ink-muted text-table">
        To make them one needs to be {needsRole(rolesWith('workspace:edit'))}.
      </p>
    )
  const run = async () => {
    const answer = await init.mutateAsync({ body: { workspace_id: workspaceId } }).catch(() => null)
    if (answer) notifyDone({ text: 'dev, staging and prod are there', auditHref: auditHref(answer.requestId) })
  }
  return (
    <div className="grid justify-items-center gap-2">
      <Button look="primary" pending={init.isPending} onClick={() => void run()}>
        Make dev, staging and prod
      </Button>
      <p className="text-ink-muted text-meta">
        dev becomes the default, prod begins locked. Until dev is pinned, runs get the files as before.
      </p>
      {init.error ? <ErrorLine error={init.error} /> : null}
    </div>
  )
}
