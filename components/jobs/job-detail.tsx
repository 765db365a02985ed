'use client'

import { RotateCw, Trash2 } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import type { JobView } from '@/lib/jobs/contract'
import { JobState } from './job-columns'
import { useDiscardJob, useRetryJob } from './use-system'

const factsOf = (job: JobView) => [
  { name: 'State', value: <JobState status={job.status} /> },
  { name: 'Attempts', value: `${job.attempts} of ${job.max_attempts}` },
  { name: 'Created', value: formatUtc(job.created_at) },
  { name: 'Due', value: formatUtc(job.run_at) },
  ...(job.finished_at ? [{ name: 'Finished', value: formatUtc(job.finished_at) }] : []),
  { name: 'Job id', value: <CopyId id={job.id} what="job id" full /> },
]

export const JobDetail = ({ job }: { job: JobView }) => {
  const mayManage = useMay('job:manage')
  return (
    <>
      <Facts facts={factsOf(job)} />
      {job.last_error ? <CodeBlock label="Last error" code={job.last_error} /> : null}
      {job.status !== 'dead' ? null : mayManage ? (
        <DeadActions job={job} />
      ) : (
        <p className="text-ink-muted text-table">To run or discard a dead job needs an admin.</p>
      )}
    </>
  )
}

const DeadActions = ({ job }: { job: JobView }) => {
  const retry = useRetryJob()
  const discard = useDiscardJob()
  const act = async (mutation: typeof retry | typeof discard, text: string) => {
    try {
      const { requestId } = await mutation.mutateAsync({ params: { id: job.id } })
      notifyDone({ text, auditHref: auditHref(requestId) })
    } catch (error) {
      notifyFailed({ text: 'The job stays as it was', detail: error instanceof Error ? error.message : '' })
    }
  }
  return (
    <div className="flex gap-2">
      <Button size="small" pending={retry.isPending} onClick={() => void act(retry, `${job.kind} runs again`)}>
        <RotateCw aria-hidden className="size-3.5" /> Run again
      </Button>
      <Button
        size="small"
        look="danger"
        pending={discard.isPending}
        onClick={() => void act(discard, `${job.kind} was discarded`)}
      >
        <Trash2 aria-hidden className="size-3.5" /> Discard
      </Button>
    </div>
  )
}
