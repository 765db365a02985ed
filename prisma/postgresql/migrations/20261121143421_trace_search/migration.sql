-- The full-text index of TraceText. The tenant is a word of its own, so a search reads no other tenant's rows.
CREATE INDEX "TraceText_search" ON "TraceText"
  USING GIN ((array_to_tsvector(ARRAY['tenant=' || "tenantId"]) || to_tsvector('simple', "text")));
