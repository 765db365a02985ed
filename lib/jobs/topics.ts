// Every live topic with who tells it. What is not listed here is not told by the product.
export const TOPICS = {
  'audit.appended': 'The audit log of the tenant grew; carries its size (watch-audit)',
  'job.done': 'A job of the tenant succeeded (store)',
  'job.dead': 'A job of the tenant was given up (store)',
  'job.changed': 'A person retried or discarded a job (retry-job)',
  'stream.reset': 'What the listener missed is no longer kept; it reads again (lib/http/live)',
} as const

export type Topic = keyof typeof TOPICS
