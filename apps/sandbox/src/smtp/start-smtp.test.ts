import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, expect, it } from 'vitest';
import { type SmtpServer, startSmtp } from './start-smtp.ts';

let server: SmtpServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(folder?: string) {
  server = await startSmtp(folder === undefined ? {} : { folder });
  return { server, transport: createTransport({ host: server.host, port: server.port }) };
}

const mail = {
  from: 'flows@example.com',
  to: 'ops@example.com, second@example.com',
  subject: 'Job übernommen ✔',
  text: 'Zeile 1 – äöü\nline 2 = end',
};

it('keeps envelope, headers and text of a message', async () => {
  const { server, transport } = await start();
  await transport.sendMail(mail);
  const [message] = server.messages;
  expect(message).toMatchObject({
    from: 'flows@example.com',
    to: ['ops@example.com', 'second@example.com'],
    subject: mail.subject,
    text: mail.text,
  });
  expect(message?.headers['message-id']).toMatch(/^<.+>$/);
});

it('takes the plain text, the HTML and the attachment of a message in parts', async () => {
  const { server, transport } = await start();
  const attachments = [{ filename: 'errors.csv', content: Buffer.from('a;ü\r\n\u0000\u0001', 'utf8') }];
  await transport.sendMail({ ...mail, html: '<p>Grüße</p>', attachments });
  const [message] = server.messages;
  expect(message?.text).toBe(mail.text);
  expect(
    message?.parts
      .find(({ type }) => type === 'text/html')
      ?.content.toString()
      .trimEnd(),
  ).toBe('<p>Grüße</p>');
  expect(message?.parts.find(({ fileName }) => fileName === 'errors.csv')?.content).toEqual(attachments[0]?.content);
});

it('accepts a login', async () => {
  const { server } = await start();
  const transport = createTransport({ host: server.host, port: server.port, auth: { user: 'any', pass: 'thing' } });
  await transport.sendMail(mail);
  expect(server.messages).toHaveLength(1);
});

it('gives a message that is waited for, already there or still to come', async () => {
  const { server, transport } = await start();
  const later = server.waitForMessage(({ subject }) => subject === 'second');
  await transport.sendMail({ ...mail, subject: 'first' });
  await transport.sendMail({ ...mail, subject: 'second' });
  expect((await later).subject).toBe('second');
  expect((await server.waitForMessage(({ subject }) => subject === 'first')).subject).toBe('first');
});

it('gives up waiting', async () => {
  const { server } = await start();
  await expect(server.waitForMessage(() => true, 20)).rejects.toThrow('No fitting message came within 20 ms');
});

it('keeps messages as files when it has a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-'));
  const { server, transport } = await start(join(folder, 'caught'));
  await transport.sendMail(mail);
  const [name = ''] = readdirSync(join(folder, 'caught'));
  expect(name).toMatch(/\.eml$/);
  expect(readFileSync(join(folder, 'caught', name), 'utf8')).toBe(server.messages[0]?.raw);
  rmSync(folder, { recursive: true });
});
