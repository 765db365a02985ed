-- CreateTable
CREATE TABLE "TraceSpan" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "spanId" TEXT NOT NULL,
    "parentSpanId" TEXT,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "startNs" BIGINT NOT NULL,
    "endNs" BIGINT,
    "status" TEXT NOT NULL,
    "errorType" TEXT,
    "statusMessage" TEXT,
    "provider" TEXT,
    "requestModel" TEXT,
    "responseModel" TEXT,
    "toolName" TEXT,
    "toolCallId" TEXT,
    "responseId" TEXT,
    "inUncached" INTEGER,
    "cacheRead" INTEGER,
    "cacheWrite" INTEGER,
    "outVisible" INTEGER,
    "reasoning" INTEGER,
    "audioIn" INTEGER,
    "audioOut" INTEGER,
    "givenNanoUsd" BIGINT,
    "computedNanoUsd" BIGINT,
    "priceVersion" TEXT,
    "isCounting" BOOLEAN NOT NULL DEFAULT false,
    "dialect" TEXT NOT NULL,
    "flags" TEXT NOT NULL DEFAULT '[]',
    "facts" TEXT NOT NULL DEFAULT '{}',
    "content" TEXT NOT NULL DEFAULT '{}',
    "receivedAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "traceId", "spanId"),
    CONSTRAINT "TraceSpan_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SpanEvent" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "spanId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "timeNs" BIGINT NOT NULL,
    "content" TEXT NOT NULL,
    "receivedAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "traceId", "spanId", "id")
);

-- CreateTable
CREATE TABLE "Body" (
    "tenantId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "codec" TEXT NOT NULL,
    "bytes" BLOB NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "hash")
);

-- CreateTable
CREATE TABLE "TraceBody" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    PRIMARY KEY ("tenantId", "traceId", "hash"),
    CONSTRAINT "TraceBody_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TraceText" (
    "rowId" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    CONSTRAINT "TraceText_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TraceLabel" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "traceId", "key"),
    CONSTRAINT "TraceLabel_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TraceAnnotation" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "createdBy" TEXT,
    CONSTRAINT "TraceAnnotation_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TraceRollup" (
    "tenantId" TEXT NOT NULL,
    "hour" DATETIME NOT NULL,
    "origin" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "agentRole" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "riskLevel" TEXT NOT NULL,
    "durationBucket" INTEGER NOT NULL,
    "traces" INTEGER NOT NULL,
    "steps" INTEGER NOT NULL,
    "toolCalls" INTEGER NOT NULL,
    "errors" INTEGER NOT NULL,
    "inputTokens" BIGINT NOT NULL,
    "outputTokens" BIGINT NOT NULL,
    "cacheReadTokens" BIGINT NOT NULL,
    "cacheWriteTokens" BIGINT NOT NULL,
    "reasoningTokens" BIGINT NOT NULL,
    "costMicroUsd" BIGINT NOT NULL,
    "durationMs" BIGINT NOT NULL,

    PRIMARY KEY ("tenantId", "hour", "origin", "workspaceId", "environment", "agentRole", "provider", "model", "status", "riskLevel", "durationBucket")
);

-- CreateTable
CREATE TABLE "BundleSnapshot" (
    "tenantId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "hash")
);

-- CreateTable
CREATE TABLE "BundleFile" (
    "tenantId" TEXT NOT NULL,
    "bundleHash" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "bodyHash" TEXT NOT NULL,
    "size" INTEGER NOT NULL,

    PRIMARY KEY ("tenantId", "bundleHash", "path"),
    CONSTRAINT "BundleFile_tenantId_bundleHash_fkey" FOREIGN KEY ("tenantId", "bundleHash") REFERENCES "BundleSnapshot" ("tenantId", "hash") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RetentionPolicy" (
    "tenantId" TEXT NOT NULL PRIMARY KEY,
    "retentionDays" INTEGER NOT NULL,
    "samplingStrategy" TEXT NOT NULL,
    "storageMode" TEXT NOT NULL,
    "legalHold" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "SavedView" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "isShared" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "IngestRollup" (
    "tenantId" TEXT NOT NULL,
    "hour" DATETIME NOT NULL,
    "source" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "spans" INTEGER NOT NULL,

    PRIMARY KEY ("tenantId", "hour", "source", "outcome", "reason")
);

-- CreateTable
CREATE TABLE "IngestFault" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "spans" INTEGER NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "id")
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Trace" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "origin" TEXT NOT NULL DEFAULT 'run',
    "name" TEXT,
    "executionId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "userId" TEXT,
    "agentRole" TEXT,
    "sessionKey" TEXT,
    "status" TEXT NOT NULL,
    "stopReason" TEXT,
    "startedAt" DATETIME NOT NULL,
    "completedAt" DATETIME,
    "leaseUntil" DATETIME NOT NULL,
    "durationMs" INTEGER,
    "durationBucket" INTEGER NOT NULL DEFAULT 0,
    "workspaceHash" TEXT,
    "promptSource" TEXT NOT NULL,
    "correlationId" TEXT,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "inputTokens" INTEGER NOT NULL DEFAULT 0,
    "outputTokens" INTEGER NOT NULL DEFAULT 0,
    "cacheReadTokens" INTEGER NOT NULL DEFAULT 0,
    "cacheWriteTokens" INTEGER NOT NULL DEFAULT 0,
    "reasoningTokens" INTEGER NOT NULL DEFAULT 0,
    "costMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "usageEstimated" BOOLEAN NOT NULL DEFAULT false,
    "stepCount" INTEGER NOT NULL DEFAULT 0,
    "spanCount" INTEGER NOT NULL DEFAULT 0,
    "errorCount" INTEGER NOT NULL DEFAULT 0,
    "toolCallCount" INTEGER NOT NULL DEFAULT 0,
    "lastStepHash" TEXT,
    "errorCode" TEXT,
    "error" TEXT,
    "taskId" TEXT,
    "messageId" TEXT,
    "documentId" TEXT,
    "delivery" TEXT NOT NULL DEFAULT 'none',
    "suppressed" BOOLEAN NOT NULL DEFAULT false,
    "riskScore" INTEGER,
    "riskLevel" TEXT,
    "replayOf" TEXT,
    "skillVersions" TEXT NOT NULL DEFAULT '{}',
    "storage" TEXT NOT NULL DEFAULT 'full',

    PRIMARY KEY ("tenantId", "id")
);
INSERT INTO "new_Trace" ("actor", "agentRole", "cacheReadTokens", "cacheWriteTokens", "completedAt", "correlationId", "costMicroUsd", "delivery", "documentId", "durationMs", "environment", "error", "errorCode", "executionId", "id", "inputTokens", "kind", "lastStepHash", "leaseUntil", "messageId", "model", "outputTokens", "promptSource", "provider", "riskLevel", "riskScore", "sessionKey", "startedAt", "status", "stepCount", "stopReason", "suppressed", "taskId", "tenantId", "toolCallCount", "usageEstimated", "userId", "workspaceHash", "workspaceId") SELECT "actor", "agentRole", "cacheReadTokens", "cacheWriteTokens", "completedAt", "correlationId", "costMicroUsd", "delivery", "documentId", "durationMs", "environment", "error", "errorCode", "executionId", "id", "inputTokens", "kind", "lastStepHash", "leaseUntil", "messageId", "model", "outputTokens", "promptSource", "provider", "riskLevel", "riskScore", "sessionKey", "startedAt", "status", "stepCount", "stopReason", "suppressed", "taskId", "tenantId", "toolCallCount", "usageEstimated", "userId", "workspaceHash", "workspaceId" FROM "Trace";
DROP TABLE "Trace";
ALTER TABLE "new_Trace" RENAME TO "Trace";
CREATE INDEX "Trace_tenantId_startedAt_id_idx" ON "Trace"("tenantId", "startedAt", "id");
CREATE INDEX "Trace_tenantId_executionId_idx" ON "Trace"("tenantId", "executionId");
CREATE INDEX "Trace_tenantId_sessionKey_startedAt_id_idx" ON "Trace"("tenantId", "sessionKey", "startedAt", "id");
CREATE INDEX "Trace_tenantId_taskId_idx" ON "Trace"("tenantId", "taskId");
CREATE INDEX "Trace_tenantId_messageId_idx" ON "Trace"("tenantId", "messageId");
CREATE INDEX "Trace_tenantId_documentId_idx" ON "Trace"("tenantId", "documentId");
CREATE INDEX "Trace_tenantId_workspaceId_startedAt_id_idx" ON "Trace"("tenantId", "workspaceId", "startedAt", "id");
CREATE INDEX "Trace_tenantId_environment_startedAt_id_idx" ON "Trace"("tenantId", "environment", "startedAt", "id");
CREATE INDEX "Trace_tenantId_agentRole_startedAt_id_idx" ON "Trace"("tenantId", "agentRole", "startedAt", "id");
CREATE INDEX "Trace_tenantId_userId_startedAt_id_idx" ON "Trace"("tenantId", "userId", "startedAt", "id");
CREATE INDEX "Trace_tenantId_status_startedAt_id_idx" ON "Trace"("tenantId", "status", "startedAt", "id");
CREATE INDEX "Trace_tenantId_model_startedAt_id_idx" ON "Trace"("tenantId", "model", "startedAt", "id");
CREATE INDEX "Trace_tenantId_riskLevel_startedAt_id_idx" ON "Trace"("tenantId", "riskLevel", "startedAt", "id");
CREATE INDEX "Trace_tenantId_workspaceHash_startedAt_id_idx" ON "Trace"("tenantId", "workspaceHash", "startedAt", "id");
CREATE INDEX "Trace_tenantId_replayOf_startedAt_idx" ON "Trace"("tenantId", "replayOf", "startedAt");
CREATE INDEX "Trace_status_leaseUntil_idx" ON "Trace"("status", "leaseUntil");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "TraceSpan_tenantId_traceId_startNs_idx" ON "TraceSpan"("tenantId", "traceId", "startNs");

-- CreateIndex
CREATE INDEX "SpanEvent_receivedAt_idx" ON "SpanEvent"("receivedAt");

-- CreateIndex
CREATE INDEX "TraceBody_tenantId_hash_idx" ON "TraceBody"("tenantId", "hash");

-- CreateIndex
CREATE UNIQUE INDEX "TraceText_tenantId_traceId_key" ON "TraceText"("tenantId", "traceId");

-- CreateIndex
CREATE INDEX "TraceLabel_tenantId_key_value_startedAt_traceId_idx" ON "TraceLabel"("tenantId", "key", "value", "startedAt", "traceId");

-- CreateIndex
CREATE INDEX "TraceLabel_tenantId_key_startedAt_traceId_idx" ON "TraceLabel"("tenantId", "key", "startedAt", "traceId");

-- CreateIndex
CREATE INDEX "TraceAnnotation_tenantId_traceId_id_idx" ON "TraceAnnotation"("tenantId", "traceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "TraceAnnotation_tenantId_id_key" ON "TraceAnnotation"("tenantId", "id");

-- CreateIndex
CREATE INDEX "BundleFile_tenantId_bodyHash_idx" ON "BundleFile"("tenantId", "bodyHash");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_tenantId_owner_page_name_key" ON "SavedView"("tenantId", "owner", "page", "name");

-- CreateIndex
CREATE INDEX "IngestFault_tenantId_createdAt_idx" ON "IngestFault"("tenantId", "createdAt");
