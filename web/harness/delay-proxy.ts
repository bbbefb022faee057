// A link that is slow and uneven: bytes come after a delay of chance, each way, in the order in which they were sent. TCP
// keeps order, so what follows a late piece waits with it, as on a real path.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface DelayPlan {
  readonly leastMs: number;
  readonly mostMs: number;
}

export interface DelayProxy {
  readonly port: number;
  /** How much later than planned pieces went on, in milliseconds: this machine's share. */
  readonly lateness: number[];
  stop(): void;
}

export async function delayed(toPort: number, { leastMs, mostMs }: DelayPlan): Promise<DelayProxy> {
  const open = new Set<Socket>();
  const lateness: number[] = [];
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]] as const) {
      open.add(from);
      from.setNoDelay(true);
      let lastDue = 0;
      const after = (run: () => void) => {
        const now = performance.now();
        const due = Math.max(lastDue, now + leastMs + Math.random() * (mostMs - leastMs));
        lastDue = due;
        setTimeout(() => {
          lateness.push(performance.now() - due);
          run();
        }, due - now);
      };
      from.on('data', (piece) => after(() => to.writable && to.write(piece)));
      from.on('end', () => after(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => open.delete(from));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    lateness,
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
