-- The full-text index beside TraceText. Triggers keep it level, so what is deleted there is not found here.
CREATE VIRTUAL TABLE "TraceTextIndex" USING fts5(
  "tenantId", "text",
  content='TraceText', content_rowid='rowId', tokenize='unicode61 remove_diacritics 2'
);

CREATE TRIGGER "trace_text_insert" AFTER INSERT ON "TraceText" BEGIN
  INSERT INTO "TraceTextIndex" (rowid, "tenantId", "text") VALUES (NEW."rowId", NEW."tenantId", NEW."text");
END;

CREATE TRIGGER "trace_text_delete" AFTER DELETE ON "TraceText" BEGIN
  INSERT INTO "TraceTextIndex" ("TraceTextIndex", rowid, "tenantId", "text")
    VALUES ('delete', OLD."rowId", OLD."tenantId", OLD."text");
END;

CREATE TRIGGER "trace_text_update" AFTER UPDATE ON "TraceText" BEGIN
  INSERT INTO "TraceTextIndex" ("TraceTextIndex", rowid, "tenantId", "text")
    VALUES ('delete', OLD."rowId", OLD."tenantId", OLD."text");
  INSERT INTO "TraceTextIndex" (rowid, "tenantId", "text") VALUES (NEW."rowId", NEW."tenantId", NEW."text");
END;

-- Deleted words are really overwritten, not only marked.
INSERT INTO "TraceTextIndex" ("TraceTextIndex", rank) VALUES ('secure-delete', 1);
