// Every live topic with who tells it. What is not listed here is not told by the product.
export const TOPICS = {
  'audit.appended': 'The audit log of the tenant grew; carries its size (watch-audit)',
  'job.done': 'A job of the tenant succeeded (store)',
  'job.dead': 'A job of the tenant was given up (store)',
  'job.changed': 'A person retried or discarded a job (retry-job)',
  'decision.pending': 'An action waits for a person (decision-writes)',
  'decision.resolved':
    'A waiting action was approved, refused, or ran out of time (resolve-decision, expire-decisions)',
  'break_glass.opened': 'A person holds further permissions for some minutes (open-break-glass)',
  'break_glass.closed': 'A break-glass window was ended before its time (close-break-glass)',
  'receipt.acknowledged': 'A second person acknowledged an exception (acknowledge-receipt)',
  'budget.threshold': 'A budget reached its alert threshold, or was used up (governance/ledger/tell)',
  'promotion.executed': 'An environment was given another version by a promotion (promotion/announce)',
  'promotion.rolled_back': 'A promotion was taken back (promotion/announce)',
  'promotion.changed': 'Something about a promotion changed: its checks, its approvals, its state (promotion/announce)',
  'stream.reset': 'What the listener missed is no longer kept; it reads again (lib/http/live)',
} as const

export type Topic = keyof typeof TOPICS
