import type { StoredTrace } from './store'

// The columns that lists show. Both ways of reading, by Prisma and by statement, end in this.
export type TraceRow = Pick<
  StoredTrace,
  | ('tenantId' | 'id' | 'origin' | 'name' | 'executionId' | 'workspaceId' | 'environment' | 'kind' | 'userId')
  | ('agentRole' | 'sessionKey' | 'status' | 'stopReason' | 'startedAt' | 'completedAt' | 'durationMs')
  | ('workspaceHash' | 'promptSource' | 'correlationId' | 'provider' | 'model' | 'inputTokens' | 'outputTokens')
  | ('cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens' | 'costMicroUsd' | 'usageEstimated' | 'stepCount')
  | ('spanCount' | 'errorCount' | 'toolCallCount' | 'errorCode' | 'error' | 'taskId' | 'messageId' | 'documentId')
  | ('delivery' | 'suppressed' | 'riskScore' | 'riskLevel' | 'replayOf' | 'skillVersions' | 'storage')
  | ('adapterId' | 'trustStatus' | 'pinId' | 'arm')
>
