// The rest of the web, on loopback: a host of media files that knows ranges, and stand-ins for YouTube's player and API.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { answerYouTubeApi } from './youtube-api.ts';

export interface MediaServer {
  readonly url: string;
  /** Files by their path. */
  readonly files: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  stop(): Promise<void>;
}

export async function serveMedia(): Promise<MediaServer> {
  const files: MediaServer['files'] = new Map();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const file = files.get(path);
    if (file) sendFile(request, response, file.type, file.bytes);
    else if (path.startsWith('/embed/')) sendFrame(request, response);
    else if (path.startsWith('/youtube/v3/')) answerYouTubeApi(request, response);
    else if (path === '/') response.setHeader('content-type', 'text/html').end('<!doctype html><title>media</title>');
    else response.writeHead(404).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (!address || typeof address !== 'object') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    files,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function sendFile(request: IncomingMessage, response: ServerResponse, type: string, bytes: Buffer): void {
  response.setHeader('content-type', type);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('access-control-allow-origin', '*');
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!asked) {
    response.writeHead(200, { 'content-length': bytes.length }).end(request.method === 'HEAD' ? undefined : bytes);
    return;
  }
  const from = Number(asked[1]);
  const to = asked[2] ? Math.min(Number(asked[2]), bytes.length - 1) : bytes.length - 1;
  if (from > to) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const part = bytes.subarray(from, to + 1);
  response.writeHead(206, { 'content-length': part.length, 'content-range': `bytes ${from}-${to}/${bytes.length}` }).end(request.method === 'HEAD' ? undefined : part);
}

/** Who does not say where they come from is told so, as the real one does. */
function sendFrame(request: IncomingMessage, response: ServerResponse): void {
  const page = readFileSync(join(import.meta.dirname, 'youtube-frame.html'), 'utf8');
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(page.replace('REFERRER', request.headers.referer ? 'yes' : 'no'));
}
