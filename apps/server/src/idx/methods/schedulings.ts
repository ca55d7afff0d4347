import { z } from 'zod';
import { findSchedule } from '../../schedules/find-schedule.ts';
import { fireDue } from '../../schedules/fire-due.ts';
import { removeSchedule } from '../../schedules/remove-schedule.ts';
import { createSchedule, type ScheduleOrder, setSchedule } from '../../schedules/save-schedule.ts';
import { scheduleInput } from '../../schedules/schedule-input.ts';
import { ApiError } from '../api-error.ts';
import { SCHEDULING_STATUS, type ScheduleRow, scheduleObject } from '../objects/schedule-object.ts';
import { parseTime } from '../query/read-time.ts';
import { anyObject, defineMethod, idParam, noFields } from './method.ts';

export const createScheduling = defineMethod('idx.createScheduling', {
  role: 'operator',
  summary: 'Creates a schedule. `once` with a start time in the past or none starts right away.',
  params: z.object({ data: z.string().describe('The schedule as JSON.') }),
  answer: z.object({ id: z.string() }),
  run: async ({ services, user, site }, { data }) => {
    const id = await createSchedule(services, user, { apiKey: site.apiKey, order: readOrder(readObject(data)) });
    await fireDue(services, { now: new Date(), scheduleId: id });
    return { id };
  },
});

export const setScheduling = defineMethod('idx.setScheduling', {
  role: 'operator',
  summary: 'Replaces a schedule. Another time than the stored one is where it begins anew.',
  params: z.object({ data: z.string().describe('The complete schedule as JSON, with its id.') }),
  answer: noFields,
  run: async ({ services, user, site }, { data }) => {
    const sent = readObject(data);
    if (typeof sent.id !== 'string' || sent.id === '') throw new ApiError(400002, 'Missing required parameter: data.id');
    const id = idParam.parse(sent.id.slice(0, 200));
    await setSchedule(services, user, { apiKey: site.apiKey, id, order: readOrder(sent) });
    await fireDue(services, { now: new Date(), scheduleId: id });
    return {};
  },
});

export const getScheduling = defineMethod('idx.getScheduling', {
  role: 'viewer',
  summary: 'One schedule.',
  params: z.object({ id: idParam }),
  answer: z.object({ result: anyObject }),
  run: async ({ services, site }, { id }) => {
    await findSchedule(services, { apiKey: site.apiKey, id });
    const { rows } = await services.pool.query<ScheduleRow>(
      `SELECT s.*, $2::int AS "siteId", ${SCHEDULING_STATUS} AS "schedulingStatus" FROM schedule AS s LEFT JOIN job AS j ON j.id = s."jobId" WHERE s.id = $1`,
      [id, site.siteId],
    );
    const [row] = rows;
    if (!row) throw new ApiError(404000, `There is no schedule ${id}.`);
    return { result: scheduleObject(row) };
  },
});

export const deleteScheduling = defineMethod('idx.deleteScheduling', {
  role: 'operator',
  summary: 'Removes a schedule. A job it has made goes on.',
  params: z.object({ id: idParam }),
  answer: noFields,
  run: async ({ services, site }, { id }) => {
    await removeSchedule(services, { apiKey: site.apiKey, id });
    return {};
  },
});

const looseObject = z.record(z.string(), z.unknown());

function readObject(data: string): Record<string, unknown> {
  try {
    return looseObject.parse(JSON.parse(data));
  } catch {
    throw new ApiError(400006, 'Invalid argument: data; a schedule is a JSON object.');
  }
}

function readOrder(sent: Record<string, unknown>): ScheduleOrder {
  const read = scheduleInput.safeParse(sent);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => ({ fieldName: issue.path.join('.'), message: issue.message, errorCode: 400006 }));
    const first = faults.map(({ fieldName, message }) => `${fieldName}: ${message}`)[0] ?? '';
    throw new ApiError(400006, `Invalid argument: data; ${first}`, faults);
  }
  const { nextJobStartTime, ...order } = read.data;
  const startTime = nextJobStartTime === undefined ? undefined : parseTime(nextJobStartTime);
  if (nextJobStartTime !== undefined && !startTime) {
    const message = 'A time is written as 2026-01-31 02:00:00 or 2026-01-31T02:00:00Z.';
    throw new ApiError(400006, `Invalid argument: data; nextJobStartTime: ${message}`, [
      { fieldName: 'nextJobStartTime', message, errorCode: 400006 },
    ]);
  }
  return { ...order, startTime };
}
