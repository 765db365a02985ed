-- CreateTable
CREATE TABLE "AuditHead" (
    "tenantId" TEXT NOT NULL PRIMARY KEY,
    "size" BIGINT NOT NULL DEFAULT 0,
    "headHash" TEXT,
    "rootHash" TEXT,
    "frontier" TEXT NOT NULL DEFAULT '',
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "tenantId" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "eventType" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "userId" TEXT,
    "workspaceId" TEXT,
    "traceId" TEXT,
    "entityId" TEXT,
    "requestId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "hashVersion" INTEGER NOT NULL DEFAULT 2,
    "prevEventHash" TEXT,
    "eventHash" TEXT NOT NULL,
    "leafHash" TEXT NOT NULL,
    "canonical" TEXT NOT NULL,

    PRIMARY KEY ("tenantId", "seq")
);

-- CreateTable
CREATE TABLE "AuditPayload" (
    "tenantId" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "salt" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "erasedAt" DATETIME,

    PRIMARY KEY ("tenantId", "seq")
);

-- CreateTable
CREATE TABLE "AuditNode" (
    "tenantId" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    PRIMARY KEY ("tenantId", "level", "index")
);

-- CreateTable
CREATE TABLE "AuditCheckpoint" (
    "tenantId" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "rootHash" TEXT NOT NULL,
    "headHash" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "keyId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "size")
);

-- CreateTable
CREATE TABLE "ServiceKey" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "keyHash" TEXT NOT NULL,
    "allowedTenants" JSONB NOT NULL,
    "workspaceIds" JSONB NOT NULL,
    "scopes" JSONB NOT NULL,
    "tenantMode" TEXT NOT NULL DEFAULT 'fixed',
    "createdBy" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "lastUsedAt" DATETIME,
    "revokedAt" DATETIME,
    "rotatedFromId" TEXT,
    "originId" TEXT,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "OpsSession" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "idHash" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "idpSid" TEXT,
    "name" TEXT,
    "email" TEXT,
    "activeTenantId" TEXT NOT NULL,
    "allowedTenants" JSONB NOT NULL,
    "workspaceId" TEXT,
    "roles" JSONB NOT NULL,
    "rolesVersion" INTEGER NOT NULL DEFAULT 1,
    "createdAt" DATETIME NOT NULL,
    "lastSeenAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "idleExpiresAt" DATETIME NOT NULL,
    "recheckAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "revokeReason" TEXT,
    "refreshLeaseUntil" DATETIME,
    "refreshLeaseBy" TEXT,
    "accessTokenEnc" TEXT,
    "refreshTokenEnc" TEXT,
    "idTokenEnc" TEXT,
    "accessExpiresAt" DATETIME,
    "ip" TEXT,
    "userAgent" TEXT,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "SeenToken" (
    "issuer" TEXT NOT NULL,
    "jti" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,

    PRIMARY KEY ("issuer", "jti")
);

-- CreateTable
CREATE TABLE "Counter" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" BIGINT NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "Tenant" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "createdBy" TEXT
);

-- CreateTable
CREATE TABLE "Workspace" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("tenantId", "id"),
    CONSTRAINT "Workspace_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Job" (
    "tenantId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "dedupeKey" TEXT,
    "runAt" DATETIME NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "maxAttempts" INTEGER NOT NULL DEFAULT 5,
    "leaseUntil" DATETIME,
    "leasedBy" TEXT,
    "lastError" TEXT,
    "createdAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,

    PRIMARY KEY ("tenantId", "id")
);

-- CreateTable
CREATE TABLE "OutboxEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tenantId" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "AuditEntry_tenantId_eventType_seq_idx" ON "AuditEntry"("tenantId", "eventType", "seq");

-- CreateIndex
CREATE INDEX "AuditEntry_tenantId_createdAt_idx" ON "AuditEntry"("tenantId", "createdAt");

-- CreateIndex
CREATE INDEX "AuditEntry_tenantId_traceId_idx" ON "AuditEntry"("tenantId", "traceId");

-- CreateIndex
CREATE INDEX "AuditEntry_tenantId_entityId_idx" ON "AuditEntry"("tenantId", "entityId");

-- CreateIndex
CREATE INDEX "AuditEntry_tenantId_actor_seq_idx" ON "AuditEntry"("tenantId", "actor", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "ServiceKey_keyHash_key" ON "ServiceKey"("keyHash");

-- CreateIndex
CREATE INDEX "ServiceKey_tenantId_createdAt_idx" ON "ServiceKey"("tenantId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "ServiceKey_tenantId_rotatedFromId_key" ON "ServiceKey"("tenantId", "rotatedFromId");

-- CreateIndex
CREATE UNIQUE INDEX "OpsSession_idHash_key" ON "OpsSession"("idHash");

-- CreateIndex
CREATE INDEX "OpsSession_issuer_sub_idx" ON "OpsSession"("issuer", "sub");

-- CreateIndex
CREATE INDEX "OpsSession_issuer_idpSid_idx" ON "OpsSession"("issuer", "idpSid");

-- CreateIndex
CREATE INDEX "OpsSession_expiresAt_idx" ON "OpsSession"("expiresAt");

-- CreateIndex
CREATE INDEX "SeenToken_expiresAt_idx" ON "SeenToken"("expiresAt");

-- CreateIndex
CREATE INDEX "Tenant_createdBy_idx" ON "Tenant"("createdBy");

-- CreateIndex
CREATE INDEX "Job_status_runAt_idx" ON "Job"("status", "runAt");

-- CreateIndex
CREATE INDEX "Job_tenantId_status_createdAt_idx" ON "Job"("tenantId", "status", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Job_tenantId_kind_dedupeKey_key" ON "Job"("tenantId", "kind", "dedupeKey");

-- CreateIndex
CREATE INDEX "OutboxEvent_tenantId_id_idx" ON "OutboxEvent"("tenantId", "id");

-- CreateIndex
CREATE INDEX "OutboxEvent_createdAt_idx" ON "OutboxEvent"("createdAt");
