-- Only a column declared INTEGER is numbered by SQLite; AUTOINCREMENT keeps a number from being used again.
CREATE TABLE "new_OutboxEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tenantId" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL
);
INSERT INTO "new_OutboxEvent" ("id", "tenantId", "topic", "payload", "createdAt")
  SELECT "id", "tenantId", "topic", "payload", "createdAt" FROM "OutboxEvent";
DROP TABLE "OutboxEvent";
ALTER TABLE "new_OutboxEvent" RENAME TO "OutboxEvent";
CREATE INDEX "OutboxEvent_tenantId_id_idx" ON "OutboxEvent"("tenantId", "id");
CREATE INDEX "OutboxEvent_createdAt_idx" ON "OutboxEvent"("createdAt");
