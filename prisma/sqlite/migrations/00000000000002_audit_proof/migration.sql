-- The audit log only grows. REPLACE does not fire delete triggers by itself, so an insert that would
-- replace a row is refused before it happens.

CREATE TRIGGER "audit_entry_insert" BEFORE INSERT ON "AuditEntry"
WHEN NEW."seq" IS NOT 1 + MAX(
  COALESCE((SELECT MAX("seq") FROM "AuditEntry" WHERE "tenantId" = NEW."tenantId"), 0),
  COALESCE((SELECT "size" FROM "AuditHead" WHERE "tenantId" = NEW."tenantId"), 0))
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: an entry must follow the last one');
END;

CREATE TRIGGER "audit_entry_update" BEFORE UPDATE ON "AuditEntry"
WHEN NOT (
  NEW."entityId" IS NULL AND NEW."requestId" IS NULL
  AND NEW."tenantId" IS OLD."tenantId" AND NEW."seq" IS OLD."seq" AND NEW."eventType" IS OLD."eventType"
  AND NEW."actor" IS OLD."actor" AND NEW."userId" IS OLD."userId" AND NEW."workspaceId" IS OLD."workspaceId"
  AND NEW."traceId" IS OLD."traceId" AND NEW."createdAt" IS OLD."createdAt"
  AND NEW."hashVersion" IS OLD."hashVersion" AND NEW."prevEventHash" IS OLD."prevEventHash"
  AND NEW."eventHash" IS OLD."eventHash" AND NEW."leafHash" IS OLD."leafHash" AND NEW."canonical" IS OLD."canonical"
  AND EXISTS (SELECT 1 FROM "AuditPayload" p
    WHERE p."tenantId" = OLD."tenantId" AND p."seq" = OLD."seq" AND p."erasedAt" IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: an entry cannot be changed');
END;

CREATE TRIGGER "audit_entry_delete" BEFORE DELETE ON "AuditEntry"
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: an entry cannot be deleted');
END;

CREATE TRIGGER "audit_payload_insert" BEFORE INSERT ON "AuditPayload"
WHEN EXISTS (SELECT 1 FROM "AuditPayload" WHERE "tenantId" = NEW."tenantId" AND "seq" = NEW."seq")
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a payload cannot be replaced');
END;

CREATE TRIGGER "audit_payload_update" BEFORE UPDATE ON "AuditPayload"
WHEN NOT (
  NEW."tenantId" IS OLD."tenantId" AND NEW."seq" IS OLD."seq"
  AND NEW."data" = '' AND NEW."salt" = '' AND OLD."erasedAt" IS NULL AND NEW."erasedAt" IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a payload can only be erased');
END;

CREATE TRIGGER "audit_payload_delete" BEFORE DELETE ON "AuditPayload"
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a payload cannot be deleted');
END;

CREATE TRIGGER "audit_node_insert" BEFORE INSERT ON "AuditNode"
WHEN EXISTS (SELECT 1 FROM "AuditNode"
  WHERE "tenantId" = NEW."tenantId" AND "level" = NEW."level" AND "index" = NEW."index")
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a tree node cannot be replaced');
END;

CREATE TRIGGER "audit_node_update" BEFORE UPDATE ON "AuditNode"
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a tree node cannot be changed');
END;

CREATE TRIGGER "audit_node_delete" BEFORE DELETE ON "AuditNode"
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a tree node cannot be deleted');
END;

CREATE TRIGGER "audit_head_insert" BEFORE INSERT ON "AuditHead"
WHEN EXISTS (SELECT 1 FROM "AuditHead" WHERE "tenantId" = NEW."tenantId" AND "size" > NEW."size")
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: the head cannot go back');
END;

CREATE TRIGGER "audit_head_update" BEFORE UPDATE ON "AuditHead"
WHEN NOT (NEW."tenantId" IS OLD."tenantId" AND (
  NEW."size" > OLD."size"
  OR (NEW."size" IS OLD."size" AND NEW."headHash" IS OLD."headHash" AND NEW."rootHash" IS OLD."rootHash"
    AND NEW."frontier" IS OLD."frontier")))
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: the head cannot go back');
END;

CREATE TRIGGER "audit_head_delete" BEFORE DELETE ON "AuditHead"
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: the head cannot be deleted');
END;

CREATE TRIGGER "audit_checkpoint_insert" BEFORE INSERT ON "AuditCheckpoint"
WHEN EXISTS (SELECT 1 FROM "AuditCheckpoint" WHERE "tenantId" = NEW."tenantId" AND "size" = NEW."size")
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a checkpoint cannot be replaced');
END;

CREATE TRIGGER "audit_checkpoint_update" BEFORE UPDATE ON "AuditCheckpoint"
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a checkpoint cannot be changed');
END;

CREATE TRIGGER "audit_checkpoint_delete" BEFORE DELETE ON "AuditCheckpoint"
BEGIN
  SELECT RAISE(ABORT, 'audit log is append-only: a checkpoint cannot be deleted');
END;
