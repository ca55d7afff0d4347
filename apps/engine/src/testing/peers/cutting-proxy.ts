import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on 127.0.0.1 that tests can cut. */
export interface CuttingProxy {
  port: number;
  /** Connections that were made through it. */
  connections(): number;
  /** Cuts every connection that stands now. */
  cut(): void;
  /** Leads the next connections to another server. */
  retarget(port: number): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let count = 0;
  let target = targetPort;
  const server = createServer((near) => {
    count++;
    const far = connect(target, '127.0.0.1');
    const cut = () => {
      near.destroy();
      far.destroy();
    };
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
    retarget: (port) => {
      target = port;
    },
    stop: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
