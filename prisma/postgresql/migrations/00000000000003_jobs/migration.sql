-- CreateIndex
CREATE INDEX "Job_status_tenantId_runAt_idx" ON "Job"("status", "tenantId", "runAt");

-- Workers and live streams listen on these channels; notices of one transaction are folded into one.
CREATE FUNCTION "notify_insert"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(TG_ARGV[0], '');
  RETURN NULL;
END $$;

CREATE TRIGGER "notify_job" AFTER INSERT ON "Job"
  FOR EACH STATEMENT EXECUTE FUNCTION "notify_insert"('clasper_job');
CREATE TRIGGER "notify_event" AFTER INSERT ON "OutboxEvent"
  FOR EACH STATEMENT EXECUTE FUNCTION "notify_insert"('clasper_event');
