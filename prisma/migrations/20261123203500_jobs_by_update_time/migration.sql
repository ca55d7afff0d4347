-- CreateIndex
CREATE INDEX "job_apiKey_updateTime_id_idx" ON "job"("apiKey", "updateTime" DESC, "id");

-- CreateIndex
CREATE INDEX "job_dataflowId_updateTime_id_idx" ON "job"("dataflowId", "updateTime" DESC, "id");
