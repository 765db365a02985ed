-- CreateTable
CREATE TABLE "Policy" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "workspaceId" TEXT,
    "environment" TEXT,
    "subjectType" TEXT NOT NULL,
    "subjectName" TEXT,
    "conditions" JSONB NOT NULL,
    "effect" TEXT NOT NULL,
    "explanation" TEXT,
    "precedence" INTEGER NOT NULL,
    "isEnabled" BOOLEAN NOT NULL,
    "source" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "updatedBy" TEXT NOT NULL,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "Decision" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "origin" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "traceId" TEXT,
    "executionId" TEXT,
    "adapterId" TEXT,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "agentRole" TEXT,
    "userId" TEXT,
    "tool" TEXT,
    "toolCallId" TEXT,
    "actionHash" TEXT NOT NULL,
    "action" JSONB NOT NULL,
    "facts" JSONB NOT NULL,
    "decision" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "explanation" TEXT NOT NULL,
    "matchedPolicies" JSONB NOT NULL,
    "decisionTrace" JSONB NOT NULL,
    "policyHash" TEXT NOT NULL,
    "riskScore" INTEGER,
    "riskLevel" TEXT,
    "costMicroUsd" BIGINT,
    "requestedBy" TEXT NOT NULL,
    "requestedById" TEXT,
    "requiredRole" TEXT,
    "grantedScope" JSONB,
    "expiresAt" DATETIME,
    "resolvedAt" DATETIME,
    "resolvedBy" TEXT,
    "resolvedById" TEXT,
    "resolution" JSONB,
    "tokenHash" TEXT,
    "usedAt" DATETIME,
    "usedBy" TEXT,
    "callbackUrl" TEXT,
    "callbackSecret" TEXT,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "PausedRun" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "pausedAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "resumedAt" DATETIME,
    "leaseUntil" DATETIME,
    "leaseBy" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    PRIMARY KEY ("tenantId", "traceId")
);

-- CreateTable
CREATE TABLE "Receipt" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "userId" TEXT,
    "role" TEXT,
    "action" TEXT NOT NULL,
    "targetId" TEXT,
    "reasonCode" TEXT NOT NULL,
    "justification" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "closedAt" DATETIME,
    "dueAt" DATETIME,
    "acknowledgedAt" DATETIME,
    "acknowledgedBy" TEXT,
    "acknowledgedById" TEXT,
    "note" TEXT,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "RedactionRule" (
    "tenantId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "pattern" TEXT,
    "strategy" TEXT NOT NULL,
    "replacement" TEXT,
    "isEnabled" BOOLEAN NOT NULL,
    "updatedBy" TEXT NOT NULL,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "name")
);

-- CreateTable
CREATE TABLE "RedactionToken" (
    "tenantId" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "token")
);

-- CreateTable
CREATE TABLE "Adapter" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "riskClass" TEXT NOT NULL,
    "capabilities" JSONB NOT NULL,
    "toolCapabilities" JSONB NOT NULL,
    "version" TEXT NOT NULL,
    "certificationTier" TEXT,
    "isEnabled" BOOLEAN NOT NULL,
    "disabledBy" TEXT,
    "disabledAt" DATETIME,
    "registeredAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    "lastSeenAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "AdapterKey" (
    "tenantId" TEXT NOT NULL,
    "adapterId" TEXT NOT NULL,
    "keyId" TEXT NOT NULL,
    "version" TEXT,
    "keyAlg" TEXT NOT NULL,
    "publicJwk" JSONB NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "revokedBy" TEXT,

    PRIMARY KEY ("tenantId", "adapterId", "keyId")
);

-- CreateTable
CREATE TABLE "Execution" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "adapterId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "requestHash" TEXT NOT NULL,
    "decisionId" TEXT NOT NULL,
    "effect" TEXT NOT NULL,
    "reply" JSONB NOT NULL,
    "grantedScope" JSONB,
    "maxSteps" INTEGER NOT NULL,
    "usedSteps" INTEGER NOT NULL DEFAULT 0,
    "maxCostMicroUsd" BIGINT,
    "costMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "riskScore" INTEGER NOT NULL,
    "riskLevel" TEXT NOT NULL,
    "traceId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "ToolAuthorization" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "executionId" TEXT NOT NULL,
    "adapterId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "reason" TEXT,
    "decisionId" TEXT NOT NULL,
    "scope" JSONB,
    "tokenHash" TEXT,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "usedAt" DATETIME,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "AdapterReport" (
    "tenantId" TEXT NOT NULL,
    "adapterId" TEXT NOT NULL,
    "executionId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payloadHash" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "traceId" TEXT,
    "data" JSONB NOT NULL,
    "occurredAt" DATETIME NOT NULL,
    "receivedAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "adapterId", "executionId", "kind", "payloadHash")
);

-- CreateTable
CREATE TABLE "BudgetPeriod" (
    "tenantId" TEXT NOT NULL,
    "budgetId" TEXT NOT NULL,
    "periodStart" DATETIME NOT NULL,
    "periodEnd" DATETIME NOT NULL,
    "limitMicroUsd" BIGINT NOT NULL,
    "isHard" BOOLEAN NOT NULL,
    "spentMicroUsd" BIGINT NOT NULL,

    PRIMARY KEY ("tenantId", "budgetId", "periodStart")
);

-- CreateTable
CREATE TABLE "TraceFactRollup" (
    "tenantId" TEXT NOT NULL,
    "day" DATETIME NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "fact" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "traces" INTEGER NOT NULL,
    "errors" INTEGER NOT NULL,
    "costMicroUsd" BIGINT NOT NULL,
    "weight" BIGINT NOT NULL,

    PRIMARY KEY ("tenantId", "day", "fact", "workspaceId", "value")
);

-- Columns are added, not tables rebuilt: a rebuilt table would take the rows with it that hang on it.
ALTER TABLE "LedgerEntry" ADD COLUMN "adapterId" TEXT;
ALTER TABLE "LedgerEntry" ADD COLUMN "reasoningTokens" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Budget" ADD COLUMN "alertBasisPoints" INTEGER NOT NULL DEFAULT 8000;
ALTER TABLE "Budget" ADD COLUMN "perRunMicroUsd" BIGINT;
ALTER TABLE "Budget" ADD COLUMN "period" TEXT NOT NULL DEFAULT 'monthly';
ALTER TABLE "Budget" ADD COLUMN "timezone" TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE "Budget" ADD COLUMN "periodStart" DATETIME;
ALTER TABLE "Budget" ADD COLUMN "periodEnd" DATETIME;
ALTER TABLE "Budget" ADD COLUMN "warnedAt" DATETIME;
ALTER TABLE "Budget" ADD COLUMN "exceededAt" DATETIME;
ALTER TABLE "Trace" ADD COLUMN "adapterId" TEXT;
ALTER TABLE "Trace" ADD COLUMN "trustStatus" TEXT NOT NULL DEFAULT 'platform';

-- CreateIndex
CREATE INDEX "Decision_tenantId_createdAt_idx" ON "Decision"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "Decision_tenantId_status_createdAt_idx" ON "Decision"("tenantId", "status", "createdAt");

-- CreateIndex
CREATE INDEX "Decision_tenantId_traceId_idx" ON "Decision"("tenantId", "traceId");

-- CreateIndex
CREATE INDEX "Decision_tenantId_executionId_idx" ON "Decision"("tenantId", "executionId");

-- CreateIndex
CREATE INDEX "Decision_status_expiresAt_idx" ON "Decision"("status", "expiresAt");

-- CreateIndex
CREATE INDEX "PausedRun_resumedAt_expiresAt_idx" ON "PausedRun"("resumedAt", "expiresAt");

-- CreateIndex
CREATE INDEX "Receipt_tenantId_createdAt_idx" ON "Receipt"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "Receipt_tenantId_kind_userId_expiresAt_idx" ON "Receipt"("tenantId", "kind", "userId", "expiresAt");

-- CreateIndex
CREATE INDEX "Execution_tenantId_createdAt_idx" ON "Execution"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "Execution_tenantId_adapterId_createdAt_idx" ON "Execution"("tenantId", "adapterId", "createdAt");

-- CreateIndex
CREATE INDEX "ToolAuthorization_tenantId_createdAt_idx" ON "ToolAuthorization"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "ToolAuthorization_tenantId_executionId_idx" ON "ToolAuthorization"("tenantId", "executionId");

-- CreateIndex
CREATE INDEX "AdapterReport_tenantId_receivedAt_idx" ON "AdapterReport"("tenantId", "receivedAt");
