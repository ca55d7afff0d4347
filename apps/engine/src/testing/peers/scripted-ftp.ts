import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface FtpHabits {
  /** Knows EPSV (RFC 2428). */
  epsv?: boolean;
  /** The host its PASV answers name, as servers behind an address translation do. */
  pasvHost?: string;
  /** Knows MLSD (RFC 3659). */
  mlsd?: boolean;
  /** Knows MDTM (RFC 3659). */
  mdtm?: boolean;
  /** Renames over a file that is there. */
  renamesOver?: boolean;
  /** Lines that LIST adds. */
  extraLines?: string[];
}

/** A plain FTP server in this process with a few files in memory and habits that are seen in the wild but not in vsftpd. */
export interface ScriptedFtp {
  port: number;
  files: Map<string, { content: Buffer; time: Date }>;
  habits: FtpHabits;
  /** Commands without their arguments, in order. */
  commands: string[];
  stop(): Promise<void>;
}

interface Session {
  control: Socket;
  data: Server | undefined;
  /** The connection to `data`; it may be there before the command that uses it. */
  connected: Promise<Socket> | undefined;
  renameFrom: string;
}

export async function startScriptedFtp(habits: FtpHabits): Promise<ScriptedFtp> {
  const files: ScriptedFtp['files'] = new Map();
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((control) => {
    sockets.add(control);
    control.on('error', () => {});
    const session: Session = { control, data: undefined, connected: undefined, renameFrom: '' };
    control.write('220 At your service\r\n');
    let rest = '';
    let last = Promise.resolve();
    control.on('data', (data) => {
      rest += data;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const [, command = '', argument = ''] = /^(\S+) ?(.*)$/s.exec(rest.slice(0, end)) ?? [];
        rest = rest.slice(end + 2);
        commands.push(command);
        last = last.then(() => answer(session, { command, argument, files, habits }));
      }
    });
    control.on('close', () => {
      sockets.delete(control);
      session.data?.close();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    files,
    habits,
    commands,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

interface Request {
  command: string;
  argument: string;
  files: ScriptedFtp['files'];
  habits: FtpHabits;
}

const factsTime = (time: Date): string => time.toISOString().replace(/[-:T]|\..*/g, '');

async function answer(session: Session, { command, argument, files, habits }: Request): Promise<void> {
  const say = (line: string) => void session.control.write(`${line}\r\n`);
  const name = argument.replace(/^\//, '');
  const file = files.get(name);
  switch (command) {
    case 'USER':
      return say('331 Password?');
    case 'PASS':
      return say('230 Welcome');
    case 'PWD':
      return say('257 "/" is here');
    case 'CWD':
      return say(name === '' ? '250 Done' : '550 No such folder');
    case 'FEAT':
      return say(habits.mlsd ? '211-Features\r\n MLST type*;size*;modify*;\r\n211 End' : '211 None');
    case 'EPSV':
    case 'PASV':
      return command === 'EPSV' && !habits.epsv ? say('500 What?') : passive(session, { command, habits, say });
    case 'MLSD':
      return habits.mlsd
        ? send(
            session,
            [...files].map(([at, { content, time }]) => `type=file;size=${content.length};modify=${factsTime(time)}; ${at}\r\n`).join(''),
            say,
          )
        : say('500 What?');
    case 'LIST':
      return send(
        session,
        [
          ...[...files].map(([at, { content }]) => `-rw-r--r-- 1 a b ${content.length} Mar 01 2024 ${at}`),
          ...(habits.extraLines ?? []),
        ].join('\r\n'),
        say,
      );
    case 'MDTM':
      return say(!habits.mdtm ? '502 What?' : file ? `213 ${factsTime(file.time)}` : '550 No such file');
    case 'SIZE':
      return say(file ? `213 ${file.content.length}` : '550 No such file');
    case 'RETR':
      return file ? send(session, file.content, say) : say('550 No such file');
    case 'STOR':
      return store(session, { name, files, say });
    case 'DELE':
      return say(files.delete(name) ? '250 Done' : '550 No such file');
    case 'RNFR':
      session.renameFrom = name;
      return say(file ? '350 To?' : '550 No such file');
    case 'RNTO':
      return say(rename(session.renameFrom, name, { files, over: habits.renamesOver ?? false }));
    default:
      return say('200 Done');
  }
}

function rename(from: string, to: string, { files, over }: { files: ScriptedFtp['files']; over: boolean }): string {
  const file = files.get(from);
  if (!file || (files.has(to) && !over)) return '550 There is such a file';
  files.delete(from);
  files.set(to, file);
  return '250 Done';
}

type Say = (line: string) => void;

async function passive(session: Session, { command, habits, say }: { command: string; habits: FtpHabits; say: Say }): Promise<void> {
  session.data?.close();
  session.data = createServer().listen(0, '127.0.0.1');
  session.connected = once(session.data, 'connection').then(([socket]) => socket as Socket);
  session.connected.catch(() => {});
  await once(session.data, 'listening');
  const { port } = session.data.address() as AddressInfo;
  if (command === 'EPSV') return say(`229 Extended (|||${port}|)`);
  const host = (habits.pasvHost ?? '127.0.0.1').replaceAll('.', ',');
  return say(`227 Passive (${host},${port >> 8},${port & 255})`);
}

async function opened({ data, connected }: Session): Promise<Socket> {
  if (!data || !connected) throw new Error('There is no data connection.');
  const socket = await connected;
  socket.on('error', () => {});
  data.close();
  return socket;
}

async function send(session: Session, content: string | Buffer, say: Say): Promise<void> {
  const socket = opened(session);
  say('150 Coming');
  (await socket).end(content);
  say('226 Done');
}

async function store(session: Session, { name, files, say }: { name: string; files: ScriptedFtp['files']; say: Say }): Promise<void> {
  const coming = opened(session);
  say('150 Send');
  const chunks: Buffer[] = [];
  for await (const chunk of await coming) chunks.push(chunk as Buffer);
  files.set(name, { content: Buffer.concat(chunks), time: new Date() });
  say('226 Done');
}
