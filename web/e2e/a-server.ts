// One server for the whole run: the one at PARLOR_URL, or the binary PARLOR_BIN on a free port with a folder of its own.
// Makes the accounts that the stories share, and leaves their names and the server's address in the environment.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_WITHIN_MS = 20_000;

export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.PARLOR_URL) {
    await ready(process.env.PARLOR_URL);
    return async () => {};
  }
  const binary = process.env.PARLOR_BIN ?? join(import.meta.dirname, '../../target/release/parlor');
  if (!existsSync(binary)) throw new Error(`There is no server to test: neither PARLOR_URL nor a binary at ${binary}. Build it, or set PARLOR_BIN.`);
  const folder = mkdtempSync(join(tmpdir(), 'parlor-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(binary, ['serve'], {
    env: { ...process.env, PARLOR_BIND: `127.0.0.1:${port}`, PARLOR_DATA: folder, PARLOR_TCP_BIND: '', PARLOR_RATE_LIMITS: 'off', PORT: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(server);
  try {
    await ready(url, server, output);
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  }
  process.env.PARLOR_URL = url;
  const link = /https?:\/\/\S*admin=\S+/.exec(output())?.[0];
  if (link && !process.env.PARLOR_ADMIN_LINK) process.env.PARLOR_ADMIN_LINK = link;

  return async () => {
    server.kill('SIGTERM');
    await new Promise<void>((done) => {
      server.once('exit', () => done());
      setTimeout(() => server.kill('SIGKILL'), 12_000).unref();
    });
    rmSync(folder, { recursive: true, force: true });
  };
}

async function ready(url: string, server?: ChildProcess, output?: () => string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  for (;;) {
    if (server && server.exitCode !== null) throw new Error(`The server ended by itself:\n${output?.()}`);
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error(`No server answers at ${url}.\n${output?.() ?? ''}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

function collect(server: ChildProcess): () => string {
  let text = '';
  server.stdout?.on('data', (part: Buffer) => (text += part));
  server.stderr?.on('data', (part: Buffer) => (text += part));
  return () => text;
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))));
    });
  });
}
