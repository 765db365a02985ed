// Every live topic with who tells it. What is not listed here is not told.
export const TOPICS = {
  'audit.appended': 'The audit log of the tenant grew; carries its size. Told by lib/jobs/watch-audit.ts',
  'job.done': 'A job of the tenant succeeded. Told by lib/jobs/store.ts',
  'job.dead': 'A job of the tenant was given up. Told by lib/jobs/store.ts',
  'job.changed': 'A person retried or discarded a job. Told by lib/jobs/retry-job.ts',
} as const
