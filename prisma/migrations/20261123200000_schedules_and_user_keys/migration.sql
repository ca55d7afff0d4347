-- AlterTable
ALTER TABLE "dataflow" ADD COLUMN     "keptAsDraft" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "updatedByEmail" TEXT;

-- AlterTable
ALTER TABLE "dataflow_version" ADD COLUMN     "name" TEXT;
UPDATE "dataflow_version" SET "name" = "dataflow"."name" FROM "dataflow" WHERE "dataflow"."id" = "dataflow_version"."dataflowId";
ALTER TABLE "dataflow_version" ALTER COLUMN "name" SET NOT NULL;

-- AlterTable
ALTER TABLE "site" ADD COLUMN     "siteId" SERIAL NOT NULL;

-- CreateTable
CREATE TABLE "schedule" (
    "id" TEXT NOT NULL,
    "apiKey" TEXT NOT NULL,
    "dataflowId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "frequencyType" TEXT NOT NULL,
    "frequencyInterval" INTEGER,
    "startTime" TIMESTAMPTZ(3) NOT NULL,
    "nextRunAt" TIMESTAMPTZ(3),
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "fullExtract" BOOLEAN NOT NULL DEFAULT false,
    "limit" INTEGER,
    "logLevel" TEXT NOT NULL DEFAULT 'info',
    "successEmailNotification" TEXT NOT NULL DEFAULT '',
    "failureEmailNotification" TEXT NOT NULL DEFAULT '',
    "missedRuns" TEXT NOT NULL DEFAULT 'once',
    "overlap" TEXT NOT NULL DEFAULT 'skip',
    "jobId" TEXT,
    "skippedBecause" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedByName" TEXT NOT NULL,
    "removedAt" TIMESTAMPTZ(3),

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_key" (
    "userKey" TEXT NOT NULL,
    "apiKey" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "secret" TEXT,
    "publicKey" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,

    CONSTRAINT "user_key_pkey" PRIMARY KEY ("userKey")
);

-- CreateTable
CREATE TABLE "used_nonce" (
    "userKey" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "used_nonce_pkey" PRIMARY KEY ("userKey","nonce")
);

-- CreateIndex
CREATE INDEX "schedule_apiKey_removedAt_idx" ON "schedule"("apiKey", "removedAt");

-- CreateIndex
CREATE INDEX "schedule_dataflowId_idx" ON "schedule"("dataflowId");

-- CreateIndex
CREATE INDEX "schedule_nextRunAt_idx" ON "schedule"("nextRunAt");

-- CreateIndex
CREATE INDEX "user_key_apiKey_idx" ON "user_key"("apiKey");

-- CreateIndex
CREATE INDEX "used_nonce_usedAt_idx" ON "used_nonce"("usedAt");

-- CreateIndex
CREATE INDEX "job_schedulingId_createTime_idx" ON "job"("schedulingId", "createTime" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "site_siteId_key" ON "site"("siteId");

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_apiKey_fkey" FOREIGN KEY ("apiKey") REFERENCES "site"("apiKey") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_dataflowId_fkey" FOREIGN KEY ("dataflowId") REFERENCES "dataflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_key" ADD CONSTRAINT "user_key_apiKey_fkey" FOREIGN KEY ("apiKey") REFERENCES "site"("apiKey") ON DELETE CASCADE ON UPDATE CASCADE;
