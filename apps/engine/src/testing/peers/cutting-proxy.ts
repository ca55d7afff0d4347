import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on 127.0.0.1 that tests can cut. */
export interface CuttingProxy {
  port: number;
  /** Connections that were made through it. */
  connections(): number;
  /** Cuts every connection that stands now. */
  cut(): void;
  /** Cuts the next connections once that many bytes came through them from the server. */
  cutAfter(...bytesFromServer: number[]): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let count = 0;
  let limits: number[] = [];
  const server = createServer((near) => {
    count++;
    const limit = limits.shift() ?? Number.POSITIVE_INFINITY;
    const far = connect(targetPort, '127.0.0.1');
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    let seen = 0;
    far.on('data', (data) => {
      seen += data.length;
      if (seen > limit) cut();
    });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        open.delete(socket);
        cut();
      });
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    cut,
    cutAfter: (...bytes) => {
      limits = bytes;
    },
    stop: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
