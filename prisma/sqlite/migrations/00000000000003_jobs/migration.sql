-- CreateIndex
CREATE INDEX "Job_status_tenantId_runAt_idx" ON "Job"("status", "tenantId", "runAt");
