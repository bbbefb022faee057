// One server for the whole run: the one at PARLOR_URL, or the binary PARLOR_BIN on a free port with a folder of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveMedia } from './media/server.ts';

const START_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 12_000;

export const binary = process.env.PARLOR_BIN ?? join(import.meta.dirname, '../../target/release/parlor');

export interface RunningServer {
  readonly url: string;
  readonly adminLink: string | undefined;
  stop(): Promise<void>;
}

export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.PARLOR_URL) {
    await untilReady(process.env.PARLOR_URL, () => null);
    return async () => {};
  }
  const media = await serveMedia();
  process.env.PARLOR_MEDIA_URL = media.url;
  const folder = mkdtempSync(join(tmpdir(), 'parlor-e2e-'));
  const server = await launch(await freePort(), folder);
  process.env.PARLOR_URL = server.url;
  process.env.PARLOR_ADMIN_LINK ??= server.adminLink;
  return async () => {
    await server.stop();
    await media.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

export async function launch(port: number, folder: string): Promise<RunningServer> {
  if (!existsSync(binary)) throw new Error(`There is no server to test: neither PARLOR_URL nor a binary at ${binary}. Build it, or set PARLOR_BIN.`);
  const { PORT: _port, ...environment } = process.env;
  const child = spawn(binary, ['serve'], {
    env: { ...environment, PARLOR_BIND: `127.0.0.1:${port}`, PARLOR_DATA: folder, PARLOR_TCP_BIND: '', PARLOR_RATE_LIMITS: 'off', ...elsewhere(process.env.PARLOR_MEDIA_URL) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part));
  child.stderr.on('data', (part: Buffer) => (output += part));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, () => (child.exitCode === null ? null : `The server ended by itself:\n${output}`));
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url,
    adminLink: /https?:\/\/\S*admin=\S+/.exec(output)?.[0],
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Whom the server and its page ask instead of YouTube; films on loopback are nothing that a server would ask about. */
function elsewhere(media: string | undefined): NodeJS.ProcessEnv {
  if (!media) return {};
  return { PARLOR_YOUTUBE_PLAYER_URL: media, PARLOR_YOUTUBE_KEY: 'a-key', PARLOR_YOUTUBE_API_BASE: `${media}/youtube/v3`, PARLOR_VIDEOS_PROBE: 'off' };
}

async function untilReady(url: string, problem: () => string | null): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) return;
    const wrong = problem() ?? (Date.now() > deadline ? `No server answers at ${url}.` : null);
    if (wrong) throw new Error(wrong);
    await new Promise((next) => setTimeout(next, 50));
  }
}

export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))));
    });
  });
}
