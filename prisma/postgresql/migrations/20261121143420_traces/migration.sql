-- DropIndex
DROP INDEX "Trace_tenantId_sessionKey_startedAt_idx";

-- AlterTable
ALTER TABLE "Trace" ADD COLUMN     "durationBucket" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "errorCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "name" TEXT,
ADD COLUMN     "origin" TEXT NOT NULL DEFAULT 'run',
ADD COLUMN     "reasoningTokens" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "replayOf" TEXT,
ADD COLUMN     "skillVersions" TEXT NOT NULL DEFAULT '{}',
ADD COLUMN     "spanCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "storage" TEXT NOT NULL DEFAULT 'full';

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
    "receivedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "TraceSpan_pkey" PRIMARY KEY ("tenantId","traceId","spanId")
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
    "receivedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "SpanEvent_pkey" PRIMARY KEY ("tenantId","traceId","spanId","id")
);

-- CreateTable
CREATE TABLE "Body" (
    "tenantId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "codec" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Body_pkey" PRIMARY KEY ("tenantId","hash")
);

-- CreateTable
CREATE TABLE "TraceBody" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "TraceBody_pkey" PRIMARY KEY ("tenantId","traceId","hash")
);

-- CreateTable
CREATE TABLE "TraceText" (
    "rowId" BIGSERIAL NOT NULL,
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "TraceText_pkey" PRIMARY KEY ("rowId")
);

-- CreateTable
CREATE TABLE "TraceLabel" (
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "TraceLabel_pkey" PRIMARY KEY ("tenantId","traceId","key")
);

-- CreateTable
CREATE TABLE "TraceAnnotation" (
    "id" SERIAL NOT NULL,
    "tenantId" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "createdBy" TEXT,

    CONSTRAINT "TraceAnnotation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TraceRollup" (
    "tenantId" TEXT NOT NULL,
    "hour" TIMESTAMP(3) NOT NULL,
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

    CONSTRAINT "TraceRollup_pkey" PRIMARY KEY ("tenantId","hour","origin","workspaceId","environment","agentRole","provider","model","status","riskLevel","durationBucket")
);

-- CreateTable
CREATE TABLE "BundleSnapshot" (
    "tenantId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "BundleSnapshot_pkey" PRIMARY KEY ("tenantId","hash")
);

-- CreateTable
CREATE TABLE "BundleFile" (
    "tenantId" TEXT NOT NULL,
    "bundleHash" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "bodyHash" TEXT NOT NULL,
    "size" INTEGER NOT NULL,

    CONSTRAINT "BundleFile_pkey" PRIMARY KEY ("tenantId","bundleHash","path")
);

-- CreateTable
CREATE TABLE "RetentionPolicy" (
    "tenantId" TEXT NOT NULL,
    "retentionDays" INTEGER NOT NULL,
    "samplingStrategy" TEXT NOT NULL,
    "storageMode" TEXT NOT NULL,
    "legalHold" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "RetentionPolicy_pkey" PRIMARY KEY ("tenantId")
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
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "SavedView_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "IngestRollup" (
    "tenantId" TEXT NOT NULL,
    "hour" TIMESTAMP(3) NOT NULL,
    "source" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "spans" INTEGER NOT NULL,

    CONSTRAINT "IngestRollup_pkey" PRIMARY KEY ("tenantId","hour","source","outcome","reason")
);

-- CreateTable
CREATE TABLE "IngestFault" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "spans" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "IngestFault_pkey" PRIMARY KEY ("tenantId","id")
);

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

-- CreateIndex
CREATE INDEX "Trace_tenantId_sessionKey_startedAt_id_idx" ON "Trace"("tenantId", "sessionKey", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_workspaceId_startedAt_id_idx" ON "Trace"("tenantId", "workspaceId", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_environment_startedAt_id_idx" ON "Trace"("tenantId", "environment", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_agentRole_startedAt_id_idx" ON "Trace"("tenantId", "agentRole", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_userId_startedAt_id_idx" ON "Trace"("tenantId", "userId", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_status_startedAt_id_idx" ON "Trace"("tenantId", "status", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_model_startedAt_id_idx" ON "Trace"("tenantId", "model", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_riskLevel_startedAt_id_idx" ON "Trace"("tenantId", "riskLevel", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_workspaceHash_startedAt_id_idx" ON "Trace"("tenantId", "workspaceHash", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Trace_tenantId_replayOf_startedAt_idx" ON "Trace"("tenantId", "replayOf", "startedAt");

-- AddForeignKey
ALTER TABLE "TraceSpan" ADD CONSTRAINT "TraceSpan_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TraceBody" ADD CONSTRAINT "TraceBody_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TraceText" ADD CONSTRAINT "TraceText_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TraceLabel" ADD CONSTRAINT "TraceLabel_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TraceAnnotation" ADD CONSTRAINT "TraceAnnotation_tenantId_traceId_fkey" FOREIGN KEY ("tenantId", "traceId") REFERENCES "Trace"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BundleFile" ADD CONSTRAINT "BundleFile_tenantId_bundleHash_fkey" FOREIGN KEY ("tenantId", "bundleHash") REFERENCES "BundleSnapshot"("tenantId", "hash") ON DELETE CASCADE ON UPDATE CASCADE;
