// May we, and can we prove it? The audit log: reading, proving, sealing, verifying, exporting, erasing.
export { auditEntry } from './audit-entry'
export { auditHead } from './audit-head'
export { auditStats } from './audit-stats'
export { consumeForAdapter, decisionForAdapter } from './decisions/adapter-decision'
export { agedDecisions, surplusDecisions } from './decisions/age-decisions'
export { consumeDecision, consumedAudit, consumeWrite } from './decisions/consume-decision'
export { decideForBackend } from './decisions/decide-for-backend'
export { actionHashOf, type NewDecision } from './decisions/decision'
export { decisionWrites, pendingAudits, roleFor, waitsUntil } from './decisions/decision-writes'
export { expireDecisions } from './decisions/expire-decisions'
export { getDecision, listDecisions } from './decisions/list-decisions'
export { isEnoughFor } from './decisions/may-resolve'
export { resolveDecision } from './decisions/resolve-decision'
export { closePending, RESUME_JOB, resumeWrite } from './decisions/settle-decision'
export { type DecisionRow, decisionsOfRun, readDecision } from './decisions/store'
export { callbackSecretFor } from './decisions/token'
export { erasePayload } from './erase-payload'
export { type BesideAudit, exportBundle, exportChain } from './export-audit'
export { type BudgetSubject, keysOf as budgetKeysOf, type Payer, subjectOf as budgetSubject } from './ledger/budget-key'
export { budgetsOf, rollStale, unreadable as ledgerUnreadable } from './ledger/budgets'
export { checkBudget } from './ledger/check-budget'
export { explainLine } from './ledger/explain-line'
export { forecastCost } from './ledger/forecast'
export { getBudget } from './ledger/get-budget'
export { refusalAmong } from './ledger/judge'
export {
  type Charge,
  chargeWrites,
  drawWrites,
  giveBackWrites,
  moneyTurn,
  type Reservation,
  reserveWrites,
  type Settlement,
  settleWrites,
} from './ledger/lines'
export { listBudgets } from './ledger/list-budgets'
export { listLedger } from './ledger/list-ledger'
export { listPrices } from './ledger/list-prices'
export { proveLedger } from './ledger/prove-ledger'
export { refusalOf } from './ledger/refusal'
export { deleteBudget, setBudget } from './ledger/set-budget'
export { tellBudget, tellCrossed } from './ledger/tell'
export { usage } from './ledger/usage'
export { listAudit } from './list-audit'
export { dryRunPolicy } from './policy/ask-policy'
export { createPolicy, removePolicy, updatePolicy } from './policy/change-policy'
export { decide } from './policy/decide'
export { draftPolicy } from './policy/draft-policy'
export { evaluatePolicy } from './policy/evaluate'
export { type FiledPolicies, NO_FILED_POLICIES, type PolicyFiles, policiesIn } from './policy/filed'
export { getPolicy, listPolicies } from './policy/list-policies'
export { pendingFor } from './policy/pending-run'
export { policyAudits } from './policy/policy-audits'
export type { PolicyDecision, PolicyQuestion } from './policy/question'
export { simulatePolicies, simulateTrace } from './policy/simulate'
export { type PolicyTestReport, type PolicyTestResult, testPolicies } from './policy/test-policies'
export { isToolNamed } from './policy/tool-name'
export { proveConsistency, proveInclusion } from './prove-audit'
export { acknowledgeReceipt } from './receipts/acknowledge-receipt'
export { openWindows, showBreakGlass } from './receipts/break-glass'
export { closeBreakGlass } from './receipts/close-break-glass'
export { getReceipt } from './receipts/get-receipt'
export { countWaiting, listReceipts } from './receipts/list-receipts'
export { openBreakGlass } from './receipts/open-break-glass'
export { overrideWrites } from './receipts/override-writes'
export { revealWrites } from './receipts/reveal-writes'
export { dropRedactionRule, putRedactionRule } from './redaction/change-rules'
export { detokenise } from './redaction/detokenise'
export { assertFits as assertRedactionFits, judgeRule as judgeRedaction } from './redaction/judge-rule'
export { previewRedactionOf } from './redaction/preview-redaction'
export { showRedaction } from './redaction/show-redaction'
export type { Risk } from './risk'
export { scoreRisk } from './risk'
export { adviseOn, factorsThatWeigh } from './risk-advice'
export {
  declaredState,
  type RunRisk,
  recomputed,
  riskAtEnd,
  riskOfRun,
  sensitivityIn,
} from './run-risk'
export { answerRisk } from './score-risk'
export { publishCheckpoint, sealAudit } from './seal-audit'
export { notesIn, publicKeyFrom } from './signed-note'
export { verifyAudit } from './verify-audit'
export { type BundleReport, verifyBundle } from './verify-bundle'
export { whoCould } from './who-could'
