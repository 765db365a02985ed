import { applyPromotionJob } from './apply-promotion'
import { askBackendJob } from './ask-backend'
import { checkPromotionJob } from './check-promotion'
import { cleanUp } from './clean-up'
import type { JobDefinition } from './define-job'
import { deliverAnswer } from './deliver-answer'
import { webhookForgetting, webhookJob } from './deliver-webhook'
import { endInterruptedRuns } from './end-interrupted'
import { enforceRetention, retentionDay } from './enforce-retention'
import { exportRunJob } from './export-run'
import { reconcileDecisions } from './reconcile-decisions'
import { resumeRunJob } from './resume-run'
import { runEvalJob } from './run-eval'
import { sealAudits } from './seal-audits'
import { watchBudgets } from './watch-budgets'

// Every kind of job that this version can do. A new kind is one file and one line here.
export const JOBS: readonly JobDefinition[] = [
  sealAudits,
  cleanUp,
  deliverAnswer,
  endInterruptedRuns,
  watchBudgets,
  webhookJob,
  webhookForgetting,
  retentionDay,
  enforceRetention,
  exportRunJob,
  resumeRunJob,
  askBackendJob,
  reconcileDecisions,
  runEvalJob,
  checkPromotionJob,
  applyPromotionJob,
]
