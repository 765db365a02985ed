// Agents that run elsewhere: who they are, what they may do here and now, and what they tell of it. Nothing in their
// bodies grants them anything.
export { agedRecords } from './age-records'
export { getExecution } from './executions/get-execution'
export { requestExecution } from './executions/request-execution'
export { exportEvidence } from './export-evidence'
export { listAdapters } from './list-adapters'
export { issueAdapterToken, probeToken } from './probe-token'
export { registerAdapter } from './register-adapter'
export { disableAdapter, enableAdapter } from './switch-adapter'
export { ingestAudit, ingestCost, ingestMetrics, ingestTrace, ingestViolations } from './telemetry/kinds'
export { putTelemetryKey, revokeTelemetryKey } from './telemetry-keys'
export { authorizeTool } from './tools/authorize-tool'
export { consumeTool, consumeToolForService } from './tools/consume-tool'
export { getToolAuthorization, listToolAuthorizations } from './tools/list-authorizations'
export { listAgents } from './views/agents'
export { governanceDashboard } from './views/board'
export { executionEvidence, listExecutions } from './views/executions'
export {
  consumeOwnDecision,
  evaluateOwn,
  explainAdapterDecision,
  getAdapterDecision,
  listAdapterDecisions,
  showOwnDecision,
} from './views/own-decisions'
export { showPolicies, showPosture } from './views/posture'
export { getTool, listTools } from './views/tool-registry'
