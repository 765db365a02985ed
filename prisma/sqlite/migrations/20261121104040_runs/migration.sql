-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN "bootCompletedAt" DATETIME;

-- CreateTable
CREATE TABLE "LedgerEntry" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "traceId" TEXT,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "agentRole" TEXT,
    "userId" TEXT,
    "kind" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reservedMicroUsd" BIGINT NOT NULL,
    "costMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "inputTokens" INTEGER NOT NULL DEFAULT 0,
    "outputTokens" INTEGER NOT NULL DEFAULT 0,
    "cacheReadTokens" INTEGER NOT NULL DEFAULT 0,
    "cacheWriteTokens" INTEGER NOT NULL DEFAULT 0,
    "isEstimated" BOOLEAN NOT NULL DEFAULT false,
    "priceVersion" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "leaseUntil" DATETIME NOT NULL,
    "settledAt" DATETIME,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "Budget" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "limitMicroUsd" BIGINT NOT NULL,
    "spentMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "reservedMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "isHard" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "Trace" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
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
    "workspaceHash" TEXT,
    "promptSource" TEXT NOT NULL,
    "correlationId" TEXT,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "inputTokens" INTEGER NOT NULL DEFAULT 0,
    "outputTokens" INTEGER NOT NULL DEFAULT 0,
    "cacheReadTokens" INTEGER NOT NULL DEFAULT 0,
    "cacheWriteTokens" INTEGER NOT NULL DEFAULT 0,
    "costMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "usageEstimated" BOOLEAN NOT NULL DEFAULT false,
    "stepCount" INTEGER NOT NULL DEFAULT 0,
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

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "TraceContent" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "inputs" TEXT NOT NULL,
    "outcome" TEXT,

    PRIMARY KEY ("tenantId", "traceId"),
    CONSTRAINT "TraceContent_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TraceStep" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "stepId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "timestamp" DATETIME NOT NULL,
    "durationMs" INTEGER NOT NULL,
    "data" TEXT NOT NULL,
    "prevStepHash" TEXT,
    "stepHash" TEXT NOT NULL,

    PRIMARY KEY ("tenantId", "traceId", "seq"),
    CONSTRAINT "TraceStep_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "IdempotencyKey" (
    "tenantId" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "bodyHash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "status" INTEGER,
    "reply" TEXT,
    "traceId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "leaseUntil" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "principal", "route", "key")
);

-- CreateTable
CREATE TABLE "TenantSettings" (
    "tenantId" TEXT NOT NULL PRIMARY KEY,
    "allowedTools" JSONB NOT NULL,
    "deniedTools" JSONB NOT NULL,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "traceId" TEXT,
    "event" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "sealed" TEXT,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastStatus" INTEGER,
    "lastError" TEXT,
    "createdAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "WebhookAttempt" (
    "tenantId" TEXT NOT NULL,
    "deliveryId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "durationMs" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,

    PRIMARY KEY ("tenantId", "deliveryId", "attempt"),
    CONSTRAINT "WebhookAttempt_tenantId_deliveryId_fkey" FOREIGN KEY ("tenantId", "deliveryId") REFERENCES "WebhookDelivery" ("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "LedgerEntry_tenantId_createdAt_idx" ON "LedgerEntry"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "LedgerEntry_tenantId_traceId_idx" ON "LedgerEntry"("tenantId", "traceId");

-- CreateIndex
CREATE INDEX "LedgerEntry_state_leaseUntil_idx" ON "LedgerEntry"("state", "leaseUntil");

-- CreateIndex
CREATE INDEX "Trace_tenantId_startedAt_id_idx" ON "Trace"("tenantId", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_executionId_idx" ON "Trace"("tenantId", "executionId");

-- CreateIndex
CREATE INDEX "Trace_tenantId_sessionKey_startedAt_idx" ON "Trace"("tenantId", "sessionKey", "startedAt");

-- CreateIndex
CREATE INDEX "Trace_tenantId_taskId_idx" ON "Trace"("tenantId", "taskId");

-- CreateIndex
CREATE INDEX "Trace_tenantId_messageId_idx" ON "Trace"("tenantId", "messageId");

-- CreateIndex
CREATE INDEX "Trace_tenantId_documentId_idx" ON "Trace"("tenantId", "documentId");

-- CreateIndex
CREATE INDEX "Trace_status_leaseUntil_idx" ON "Trace"("status", "leaseUntil");

-- CreateIndex
CREATE INDEX "IdempotencyKey_expiresAt_idx" ON "IdempotencyKey"("expiresAt");

-- CreateIndex
CREATE INDEX "WebhookDelivery_tenantId_createdAt_idx" ON "WebhookDelivery"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "WebhookDelivery_tenantId_state_createdAt_idx" ON "WebhookDelivery"("tenantId", "state", "createdAt");

-- CreateIndex
CREATE INDEX "WebhookDelivery_tenantId_traceId_idx" ON "WebhookDelivery"("tenantId", "traceId");
