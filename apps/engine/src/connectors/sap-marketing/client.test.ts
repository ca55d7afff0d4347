import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { FatalError, RecordError, RetryableError } from '#dataflow';
import { fakeContext } from '#testing';
import { openSapMarketing } from './client.ts';
import { batchAnswers, batchBody } from './multipart-mixed.ts';

const type = 'multipart/mixed; boundary="b 1"';
const error = (status: number, message: string) =>
  `--b 1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} Error\r\nContent-Type: application/json\r\n\r\n{"error":{"code":"X/1","message":{"lang":"en","value":"${message}"}}}\r\n`;
const done =
  '--b 1\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n\r\n--c--\r\n';

/** What is sent to a system that answers every batch with this body. */
async function sendTo(body: string, changesets = 1) {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('x-csrf-token', 'token');
    if (request.method === 'POST') response.writeHead(202, { 'content-type': type });
    response.end(request.method === 'POST' ? body : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await using client = openSapMarketing({ endpoint, username: 'u', password: 'p', connections: 1, timeoutMs: 5000 }, fakeContext());
    return await client.send(Array.from({ length: changesets }, () => [{ method: 'PATCH', path: "A(x='1')", body: {} }]));
  } finally {
    server.close();
  }
}

describe('batches of SAP Marketing', () => {
  test('each changeset gets its own answer', async () => {
    const answers = await sendTo(`${done}${error(400, 'No such field')}${done}--b 1--\r\n`, 3);
    expect(answers.map((answer) => answer?.message)).toEqual([
      undefined,
      'SAP Marketing refused the contact: HTTP 400, X/1: No such field',
      undefined,
    ]);
    expect(answers[1]).toBeInstanceOf(RecordError);
  });

  test.each([429, 503])('a part that is answered %s lets the whole batch be repeated', async (status) => {
    await expect(sendTo(`${done}${error(status, 'Too busy')}--b 1--`, 2)).rejects.toBeInstanceOf(RetryableError);
  });

  test('too few answers fail the job', async () => {
    const failing = sendTo(`${done}--b 1--`, 2);
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow('gave 1 answers to 2 contacts; which were written is not known');
  });

  test('an answer that was cut off, or of another kind, is none', () => {
    expect(batchAnswers(type, `${done}${error(400, 'x')}`)).toBeUndefined();
    expect(batchAnswers('application/json', '{}')).toBeUndefined();
    expect(batchAnswers(type, '--b 1\r\n\r\nno HTTP\r\n--b 1--')).toBeUndefined();
  });

  test('lines may end without carriage returns, and the first refusal of a changeset is its answer', () => {
    const text = `${done.replace('--c--', '--c\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\nno\r\n--c--')}--b 1--`;
    expect(batchAnswers(type, text.replaceAll('\r', ''))).toEqual([{ status: 404, text: 'no' }]);
  });

  test('boundaries are new for each batch, so no value can end one', () => {
    const of = () => batchBody([[{ method: 'PUT', path: 'A', body: { a: '\r\n--batch_' } }]], []);
    expect(of().type).not.toBe(of().type);
    expect(of().content).toContain('{"a":"\\r\\n--batch_"}');
  });
});
