-- Audit rows travel through "AuditInbox" and become entries when their transaction commits: the tenant's
-- head row is locked only inside the commit, numbers have no gaps, and a rollback leaves nothing.
-- The table is empty between transactions, so it needs no write-ahead log.
CREATE UNLOGGED TABLE "AuditInbox" (
  "id" BIGSERIAL PRIMARY KEY,
  "txid" XID8 NOT NULL DEFAULT pg_current_xact_id(),
  "tenantId" TEXT NOT NULL,
  "eventType" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "userId" TEXT,
  "workspaceId" TEXT,
  "traceId" TEXT,
  "entityId" TEXT,
  "requestId" TEXT,
  "createdAt" TIMESTAMP(3) NOT NULL,
  "head" TEXT NOT NULL,
  "middle" TEXT NOT NULL,
  "tail" TEXT NOT NULL,
  "salt" TEXT NOT NULL,
  "data" TEXT NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE FUNCTION "audit_append_tenant"("tenant" TEXT, "xact" XID8) RETURNS VOID LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  inbox "AuditInbox"%ROWTYPE;
  v_size BIGINT;
  v_index BIGINT;
  v_prev TEXT;
  v_frontier TEXT;
  v_stack TEXT[];
  v_canonical TEXT;
  v_bytes BYTEA;
  v_event TEXT;
  v_leaf BYTEA;
  v_hash BYTEA;
  v_level INT;
  v_stamp TIMESTAMP(3);
BEGIN
  SELECT "size", "headHash", "frontier" INTO v_size, v_prev, v_frontier
    FROM "AuditHead" WHERE "tenantId" = tenant FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO "AuditHead" ("tenantId", "size", "frontier", "updatedAt")
      VALUES (tenant, 0, '', timezone('UTC', clock_timestamp())) ON CONFLICT ("tenantId") DO NOTHING;
    SELECT "size", "headHash", "frontier" INTO STRICT v_size, v_prev, v_frontier
      FROM "AuditHead" WHERE "tenantId" = tenant FOR UPDATE;
  END IF;
  v_stack := CASE WHEN v_frontier = '' THEN ARRAY[]::TEXT[] ELSE string_to_array(v_frontier, ',') END;

  FOR inbox IN SELECT * FROM "AuditInbox" WHERE "txid" = xact AND "tenantId" = tenant ORDER BY "id" LOOP
    v_index := v_size;
    v_size := v_size + 1;
    v_stamp := inbox."createdAt";
    v_canonical := inbox."head" || COALESCE('"' || v_prev || '"', 'null') || inbox."middle" || v_size || inbox."tail";
    v_bytes := convert_to(v_canonical, 'UTF8');
    v_event := 'sha256:' || encode(sha256(v_bytes), 'hex');
    v_leaf := sha256('\x00'::BYTEA || v_bytes);
    INSERT INTO "AuditEntry" ("tenantId", "seq", "eventType", "actor", "userId", "workspaceId", "traceId", "entityId",
        "requestId", "createdAt", "hashVersion", "prevEventHash", "eventHash", "leafHash", "canonical")
      VALUES (tenant, v_size, inbox."eventType", inbox."actor", inbox."userId", inbox."workspaceId", inbox."traceId",
        inbox."entityId", inbox."requestId", inbox."createdAt", 2, v_prev, v_event, encode(v_leaf, 'hex'), v_canonical);
    INSERT INTO "AuditPayload" ("tenantId", "seq", "salt", "data") VALUES (tenant, v_size, inbox."salt", inbox."data");
    v_hash := v_leaf;
    v_level := 0;
    WHILE v_index % 2 = 1 LOOP
      v_hash := sha256('\x01'::BYTEA || decode(v_stack[array_upper(v_stack, 1)], 'hex') || v_hash);
      v_stack := v_stack[1:array_upper(v_stack, 1) - 1];
      v_index := (v_index - 1) / 2;
      v_level := v_level + 1;
      INSERT INTO "AuditNode" ("tenantId", "level", "index", "hash") VALUES (tenant, v_level, v_index, encode(v_hash, 'hex'));
    END LOOP;
    v_stack := v_stack || encode(v_hash, 'hex');
    v_prev := v_event;
  END LOOP;

  v_hash := decode(v_stack[array_upper(v_stack, 1)], 'hex');
  FOR v_level IN REVERSE array_upper(v_stack, 1) - 1 .. 1 LOOP
    v_hash := sha256('\x01'::BYTEA || decode(v_stack[v_level], 'hex') || v_hash);
  END LOOP;
  UPDATE "AuditHead" SET "size" = v_size, "headHash" = v_prev, "rootHash" = encode(v_hash, 'hex'),
    "frontier" = array_to_string(v_stack, ','), "updatedAt" = v_stamp WHERE "tenantId" = tenant;
  DELETE FROM "AuditInbox" WHERE "txid" = xact AND "tenantId" = tenant;
END $$;

CREATE FUNCTION "audit_inbox_drain"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  tenant TEXT;
BEGIN
  -- The first row of the transaction drains all of them, tenants in one order for everybody: no deadlock.
  IF NOT EXISTS (SELECT 1 FROM "AuditInbox" WHERE "id" = NEW."id") THEN
    RETURN NULL;
  END IF;
  FOR tenant IN SELECT DISTINCT i."tenantId" FROM "AuditInbox" i WHERE i."txid" = NEW."txid" ORDER BY 1 LOOP
    PERFORM "audit_append_tenant"(tenant, NEW."txid");
  END LOOP;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER "audit_inbox_drain" AFTER INSERT ON "AuditInbox"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "audit_inbox_drain"();

CREATE FUNCTION "audit_refuse"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION "audit_entry_guard"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."seq" IS DISTINCT FROM 1 + GREATEST(
    COALESCE((SELECT e."seq" FROM "AuditEntry" e WHERE e."tenantId" = NEW."tenantId" ORDER BY e."seq" DESC LIMIT 1), 0),
    COALESCE((SELECT h."size" FROM "AuditHead" h WHERE h."tenantId" = NEW."tenantId"), 0)) THEN
    RAISE EXCEPTION 'audit log is append-only: an entry must follow the last one' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "audit_entry_insert" BEFORE INSERT ON "AuditEntry"
  FOR EACH ROW EXECUTE FUNCTION "audit_entry_guard"();
CREATE TRIGGER "audit_entry_update" BEFORE UPDATE ON "AuditEntry" FOR EACH ROW WHEN (NOT (
  NEW."entityId" IS NULL AND NEW."requestId" IS NULL
  AND (NEW."tenantId", NEW."seq", NEW."eventType", NEW."actor", NEW."userId", NEW."workspaceId", NEW."traceId",
    NEW."createdAt", NEW."hashVersion", NEW."prevEventHash", NEW."eventHash", NEW."leafHash", NEW."canonical")
  IS NOT DISTINCT FROM (OLD."tenantId", OLD."seq", OLD."eventType", OLD."actor", OLD."userId", OLD."workspaceId", OLD."traceId",
    OLD."createdAt", OLD."hashVersion", OLD."prevEventHash", OLD."eventHash", OLD."leafHash", OLD."canonical")))
  EXECUTE FUNCTION "audit_refuse"();

CREATE FUNCTION "audit_entry_erase_guard"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM "AuditPayload" p
    WHERE p."tenantId" = NEW."tenantId" AND p."seq" = NEW."seq" AND p."erasedAt" IS NOT NULL) THEN
    RAISE EXCEPTION 'audit log is append-only: an entry cannot be changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "audit_entry_erase" BEFORE UPDATE ON "AuditEntry"
  FOR EACH ROW EXECUTE FUNCTION "audit_entry_erase_guard"();
CREATE TRIGGER "audit_payload_update" BEFORE UPDATE ON "AuditPayload" FOR EACH ROW WHEN (NOT (
  NEW."tenantId" = OLD."tenantId" AND NEW."seq" = OLD."seq" AND NEW."data" = '' AND NEW."salt" = ''
  AND OLD."erasedAt" IS NULL AND NEW."erasedAt" IS NOT NULL))
  EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_head_update" BEFORE UPDATE ON "AuditHead" FOR EACH ROW WHEN (NOT (
  NEW."tenantId" = OLD."tenantId" AND (NEW."size" > OLD."size" OR (NEW."size" = OLD."size"
    AND (NEW."headHash", NEW."rootHash", NEW."frontier") IS NOT DISTINCT FROM (OLD."headHash", OLD."rootHash", OLD."frontier")))))
  EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_node_update" BEFORE UPDATE ON "AuditNode" FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_checkpoint_update" BEFORE UPDATE ON "AuditCheckpoint" FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();

CREATE TRIGGER "audit_entry_delete" BEFORE DELETE ON "AuditEntry" FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_payload_delete" BEFORE DELETE ON "AuditPayload" FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_node_delete" BEFORE DELETE ON "AuditNode" FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_head_delete" BEFORE DELETE ON "AuditHead" FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_checkpoint_delete" BEFORE DELETE ON "AuditCheckpoint" FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();

CREATE TRIGGER "audit_entry_truncate" BEFORE TRUNCATE ON "AuditEntry" FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_payload_truncate" BEFORE TRUNCATE ON "AuditPayload" FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_node_truncate" BEFORE TRUNCATE ON "AuditNode" FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_head_truncate" BEFORE TRUNCATE ON "AuditHead" FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_checkpoint_truncate" BEFORE TRUNCATE ON "AuditCheckpoint" FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
