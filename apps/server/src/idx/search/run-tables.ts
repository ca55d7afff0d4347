import { JOB_COLUMNS, JOB_STATUS, type JobStatusRow, jobObject, tracesOf } from '../objects/job-object.ts';
import { SCHEDULING_STATUS, type ScheduleRow, scheduleObject } from '../objects/schedule-object.ts';
import { listedBy, number, siteIdOf, type Table, text, time, truth } from './table.ts';

/** Lines of logs in one answer; each job has one at least and a thousand at most. */
const TRACE_LINES = 10_000;
const MOST_LINES_PER_JOB = 1_000;

export const schedulingTable: Table<ScheduleRow> = {
  name: 'scheduling',
  scope: (bind, apiKey) =>
    `FROM schedule AS s LEFT JOIN job AS j ON j.id = s."jobId" WHERE s."apiKey" = ${bind(apiKey)} AND s."removedAt" IS NULL`,
  columns: `s.*, ${siteIdOf('s."apiKey"')} AS "siteId", ${SCHEDULING_STATUS} AS "schedulingStatus"`,
  fields: [
    text('id', 's.id'),
    text('name', 's.name'),
    text('dataflowId', 's."dataflowId"'),
    text('frequencyType', 's."frequencyType"'),
    number('frequencyInterval', 's."frequencyInterval"'),
    time('nextJobStartTime', 'coalesce(s."nextRunAt", s."startTime")'),
    text('jobId', 's."jobId"'),
    text('logLevel', 's."logLevel"'),
    text('successEmailNotification', 's."successEmailNotification"'),
    text('failureEmailNotification', 's."failureEmailNotification"'),
    number('limit', 's."limit"'),
    truth('fullExtract', 's."fullExtract"'),
    truth('enabled', 's.enabled'),
    text('missedRuns', 's."missedRuns"'),
    text('overlap', 's.overlap'),
    text('schedulingStatus', SCHEDULING_STATUS),
    text('skippedBecause', 's."skippedBecause"'),
    listedBy('createTime', 's."createdAt"'),
    time('updateTime', 's."updatedAt"'),
    text('apiKey', 's."apiKey"'),
    number('siteId', siteIdOf('s."apiKey"')),
  ],
  otherFields: [],
  key: [text('id', 's.id')],
  usualOrder: { field: 'createTime', descending: true },
  toObjects: (rows) => rows.map(scheduleObject),
};

export const jobTable: Table<JobStatusRow> = {
  name: 'idx_job_status',
  scope: (bind, apiKey) => `FROM job AS j LEFT JOIN schedule AS s ON s.id = j."schedulingId" WHERE j."apiKey" = ${bind(apiKey)}`,
  columns: JOB_COLUMNS,
  fields: [
    text('id', 'j.id'),
    text('dataflowId', 'j."dataflowId"'),
    text('dataflowName', 'j."dataflowName"'),
    text('schedulingId', 'j."schedulingId"'),
    text('status', JOB_STATUS),
    number('attemptNumber', 'j."attemptNumber"'),
    listedBy('createTime', 'j."createTime"'),
    listedBy('updateTime', 'j."updateTime"'),
    time('startTime', 'j."startTime"'),
    time('endTime', 'j."endTime"'),
    text('frequencyType', `coalesce(s."frequencyType", 'once')`),
    number('frequencyInterval', 's."frequencyInterval"'),
    number('processedRecords', 'j."processedRecords"'),
    number('totalRecords', 'j."totalRecords"'),
    text('hostName', 'j."hostName"'),
    number('limit', 'j."limit"'),
    text('successEmailNotification', 's."successEmailNotification"'),
    text('failureEmailNotification', 's."failureEmailNotification"'),
    text('outcome', 'j.outcome'),
    // A constant could not be sorted by.
    truth('archive', 'j.id IS NULL'),
    text('apiKey', 'j."apiKey"'),
    number('siteId', siteIdOf('j."apiKey"')),
  ],
  otherFields: ['trace'],
  key: [text('id', 'j.id')],
  usualOrder: { field: 'createTime', descending: true },
  toObjects: async (rows, _services, db) => {
    const lines = Math.max(1, Math.min(MOST_LINES_PER_JOB, Math.floor(TRACE_LINES / Math.max(1, rows.length))));
    const traces = await tracesOf(
      db,
      rows.map((row) => row.id),
      lines,
    );
    return rows.map((row) => jobObject(row, traces.get(row.id) ?? []));
  },
};
