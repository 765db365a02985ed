-- AlterTable
ALTER TABLE "Trace" ADD COLUMN     "arm" TEXT,
ADD COLUMN     "pinId" TEXT;

-- AlterTable
ALTER TABLE "BundleFile" ADD COLUMN     "contentHash" TEXT,
ADD COLUMN     "encoding" TEXT NOT NULL DEFAULT 'utf8',
ADD COLUMN     "isExecutable" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "Dataset" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "latestVersion" INTEGER NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "archivedAt" TIMESTAMP(3),

    CONSTRAINT "Dataset_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "DatasetVersion" (
    "tenantId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "contentHash" TEXT NOT NULL,
    "caseCount" INTEGER NOT NULL,
    "message" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DatasetVersion_pkey" PRIMARY KEY ("tenantId","datasetId","version")
);

-- CreateTable
CREATE TABLE "DatasetCase" (
    "tenantId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "rowId" TEXT NOT NULL,
    "caseId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "fromVersion" INTEGER NOT NULL,
    "untilVersion" INTEGER,
    "bodyHash" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "traceId" TEXT,

    CONSTRAINT "DatasetCase_pkey" PRIMARY KEY ("tenantId","datasetId","rowId")
);

-- CreateTable
CREATE TABLE "EvalRun" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "outcome" TEXT,
    "datasetId" TEXT,
    "datasetName" TEXT NOT NULL,
    "datasetVersion" INTEGER,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT,
    "versionHash" TEXT,
    "model" TEXT NOT NULL,
    "skillName" TEXT,
    "skillVersion" TEXT,
    "baselineId" TEXT,
    "promotionId" TEXT,
    "options" JSONB NOT NULL,
    "scorers" JSONB NOT NULL,
    "repeats" INTEGER NOT NULL,
    "caseCount" INTEGER NOT NULL,
    "doneCount" INTEGER NOT NULL,
    "passCount" INTEGER NOT NULL,
    "failCount" INTEGER NOT NULL,
    "errorCount" INTEGER NOT NULL,
    "inconclusiveCount" INTEGER NOT NULL,
    "scores" JSONB,
    "costMicroUsd" BIGINT NOT NULL,
    "capMicroUsd" BIGINT,
    "failure" TEXT,
    "startedBy" TEXT NOT NULL,
    "startedById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "startedAt" TIMESTAMP(3),
    "completedAt" TIMESTAMP(3),
    "leaseUntil" TIMESTAMP(3),

    CONSTRAINT "EvalRun_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "EvalResult" (
    "tenantId" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "caseId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "caseBody" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "output" TEXT,
    "toolCalls" JSONB,
    "score" DOUBLE PRECISION,
    "scores" JSONB NOT NULL,
    "durationMs" INTEGER,
    "costMicroUsd" BIGINT NOT NULL,
    "traceId" TEXT,
    "error" TEXT,
    "completedAt" TIMESTAMP(3),

    CONSTRAINT "EvalResult_pkey" PRIMARY KEY ("tenantId","runId","caseId","attempt")
);

-- CreateTable
CREATE TABLE "EvalLabel" (
    "tenantId" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "caseId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "scorer" TEXT NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "comment" TEXT,
    "labelledBy" TEXT NOT NULL,
    "labelledById" TEXT NOT NULL,
    "labelledAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "EvalLabel_pkey" PRIMARY KEY ("tenantId","runId","caseId","attempt","scorer","labelledById")
);

-- CreateTable
CREATE TABLE "AnnotationItem" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "traceId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "assignedTo" TEXT,
    "expected" JSONB,
    "note" TEXT,
    "datasetId" TEXT,
    "caseId" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "doneBy" TEXT,
    "doneAt" TIMESTAMP(3),

    CONSTRAINT "AnnotationItem_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "SkillVersion" (
    "tenantId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "major" INTEGER NOT NULL,
    "minor" INTEGER NOT NULL,
    "patch" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "checksum" TEXT NOT NULL,
    "contentHash" TEXT NOT NULL,
    "signature" TEXT,
    "signedBy" TEXT,
    "publishedBy" TEXT NOT NULL,
    "publishedById" TEXT,
    "publishedAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "SkillVersion_pkey" PRIMARY KEY ("tenantId","name","version")
);

-- CreateTable
CREATE TABLE "SkillTestRun" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "contentHash" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "mocked" BOOLEAN NOT NULL,
    "testCount" INTEGER NOT NULL,
    "passCount" INTEGER NOT NULL,
    "failCount" INTEGER NOT NULL,
    "costMicroUsd" BIGINT NOT NULL,
    "durationMs" INTEGER NOT NULL,
    "results" JSONB NOT NULL,
    "runBy" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "completedAt" TIMESTAMP(3),

    CONSTRAINT "SkillTestRun_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "SkillSigner" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "addedBy" TEXT NOT NULL,
    "addedAt" TIMESTAMP(3) NOT NULL,
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "SkillSigner_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "WorkspaceVersion" (
    "tenantId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "message" TEXT,
    "parentHash" TEXT,
    "fileCount" INTEGER NOT NULL,
    "size" INTEGER NOT NULL,
    "warnings" JSONB NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "WorkspaceVersion_pkey" PRIMARY KEY ("tenantId","workspaceId","hash")
);

-- CreateTable
CREATE TABLE "WorkspaceEnvironment" (
    "tenantId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "isDefault" BOOLEAN NOT NULL,
    "isLocked" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "WorkspaceEnvironment_pkey" PRIMARY KEY ("tenantId","workspaceId","name")
);

-- CreateTable
CREATE TABLE "WorkspacePin" (
    "tenantId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "versionHash" TEXT NOT NULL,
    "skillPins" JSONB NOT NULL,
    "modelPin" TEXT,
    "providerPin" TEXT,
    "canary" JSONB,
    "pinnedBy" TEXT NOT NULL,
    "pinnedById" TEXT,
    "pinnedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "WorkspacePin_pkey" PRIMARY KEY ("tenantId","workspaceId","environment")
);

-- CreateTable
CREATE TABLE "PinChange" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "revision" INTEGER NOT NULL,
    "promotionId" TEXT,
    "reason" TEXT,
    "changedBy" TEXT NOT NULL,
    "changedById" TEXT,
    "changedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PinChange_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "Promotion" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "sourceEnv" TEXT NOT NULL,
    "targetEnv" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "candidate" JSONB NOT NULL,
    "targetBefore" JSONB,
    "targetRevision" INTEGER NOT NULL,
    "gates" JSONB NOT NULL,
    "checks" JSONB NOT NULL,
    "evidenceHash" TEXT,
    "note" TEXT,
    "requestedBy" TEXT NOT NULL,
    "requestedById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "checkedAt" TIMESTAMP(3),
    "soakUntil" TIMESTAMP(3),
    "applyAt" TIMESTAMP(3),
    "executedBy" TEXT,
    "executedById" TEXT,
    "executedAt" TIMESTAMP(3),
    "receiptId" TEXT,
    "failure" TEXT,
    "rolledBackBy" TEXT,
    "rolledBackAt" TIMESTAMP(3),
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Promotion_pkey" PRIMARY KEY ("tenantId","id")
);

-- CreateTable
CREATE TABLE "PromotionApproval" (
    "tenantId" TEXT NOT NULL,
    "promotionId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "userName" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "comment" TEXT,
    "candidateHash" TEXT NOT NULL,
    "decidedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PromotionApproval_pkey" PRIMARY KEY ("tenantId","promotionId","userId")
);

-- CreateIndex
CREATE UNIQUE INDEX "Dataset_tenantId_name_key" ON "Dataset"("tenantId", "name");

-- CreateIndex
CREATE INDEX "DatasetCase_tenantId_datasetId_fromVersion_idx" ON "DatasetCase"("tenantId", "datasetId", "fromVersion");

-- CreateIndex
CREATE INDEX "DatasetCase_tenantId_traceId_idx" ON "DatasetCase"("tenantId", "traceId");

-- CreateIndex
CREATE INDEX "EvalRun_tenantId_createdAt_idx" ON "EvalRun"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "EvalRun_tenantId_datasetName_createdAt_idx" ON "EvalRun"("tenantId", "datasetName", "createdAt");

-- CreateIndex
CREATE INDEX "EvalRun_tenantId_versionHash_idx" ON "EvalRun"("tenantId", "versionHash");

-- CreateIndex
CREATE INDEX "EvalRun_status_leaseUntil_idx" ON "EvalRun"("status", "leaseUntil");

-- CreateIndex
CREATE INDEX "EvalResult_tenantId_runId_position_attempt_idx" ON "EvalResult"("tenantId", "runId", "position", "attempt");

-- CreateIndex
CREATE INDEX "EvalResult_tenantId_traceId_idx" ON "EvalResult"("tenantId", "traceId");

-- CreateIndex
CREATE INDEX "AnnotationItem_tenantId_queue_status_createdAt_idx" ON "AnnotationItem"("tenantId", "queue", "status", "createdAt");

-- CreateIndex
CREATE INDEX "AnnotationItem_tenantId_traceId_idx" ON "AnnotationItem"("tenantId", "traceId");

-- CreateIndex
CREATE UNIQUE INDEX "AnnotationItem_tenantId_queue_traceId_key" ON "AnnotationItem"("tenantId", "queue", "traceId");

-- CreateIndex
CREATE INDEX "SkillVersion_tenantId_name_major_minor_patch_idx" ON "SkillVersion"("tenantId", "name", "major", "minor", "patch");

-- CreateIndex
CREATE INDEX "SkillVersion_tenantId_state_idx" ON "SkillVersion"("tenantId", "state");

-- CreateIndex
CREATE INDEX "SkillTestRun_tenantId_name_version_startedAt_idx" ON "SkillTestRun"("tenantId", "name", "version", "startedAt");

-- CreateIndex
CREATE INDEX "WorkspaceVersion_tenantId_workspaceId_createdAt_idx" ON "WorkspaceVersion"("tenantId", "workspaceId", "createdAt");

-- CreateIndex
CREATE INDEX "WorkspacePin_tenantId_versionHash_idx" ON "WorkspacePin"("tenantId", "versionHash");

-- CreateIndex
CREATE INDEX "PinChange_tenantId_workspaceId_environment_changedAt_idx" ON "PinChange"("tenantId", "workspaceId", "environment", "changedAt");

-- CreateIndex
CREATE INDEX "Promotion_tenantId_workspaceId_createdAt_idx" ON "Promotion"("tenantId", "workspaceId", "createdAt");

-- CreateIndex
CREATE INDEX "Promotion_tenantId_status_idx" ON "Promotion"("tenantId", "status");

-- AddForeignKey
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_tenantId_datasetId_fkey" FOREIGN KEY ("tenantId", "datasetId") REFERENCES "Dataset"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DatasetCase" ADD CONSTRAINT "DatasetCase_tenantId_datasetId_fkey" FOREIGN KEY ("tenantId", "datasetId") REFERENCES "Dataset"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EvalResult" ADD CONSTRAINT "EvalResult_tenantId_runId_fkey" FOREIGN KEY ("tenantId", "runId") REFERENCES "EvalRun"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PromotionApproval" ADD CONSTRAINT "PromotionApproval_tenantId_promotionId_fkey" FOREIGN KEY ("tenantId", "promotionId") REFERENCES "Promotion"("tenantId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
