// Makes a film in the browser under test: its number in every picture, in digits for people and in black and white
// squares for programs, and a tone. So no file of it lies in the repository, and nothing has to be installed.
import type { Browser } from '@playwright/test';
import { webm, type Chunk } from './webm.ts';

export interface FilmPlan {
  readonly seconds: number;
  readonly fps: number;
  /** The colour of its ground, to tell films apart. */
  readonly ground?: string;
}

export const WIDTH = 320;
export const HEIGHT = 180;
/** The number of a picture in squares along its lower edge, the lowest bit first. */
export const BITS = 14;
export const SQUARE = 20;
const SAMPLE_RATE = 48_000;

interface Encoded {
  readonly soundHead: string;
  readonly chunks: readonly { readonly track: 1 | 2; readonly atMs: number; readonly key: boolean; readonly data: string }[];
}

/** `page` is any page of a trustworthy origin: encoders are there for no other. */
export async function makeFilm(browser: Browser, page: string, { seconds, fps, ground = '#334' }: FilmPlan): Promise<Buffer> {
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    await tab.goto(page);
    const encoded = await tab.evaluate(encode, { seconds, fps, ground, width: WIDTH, height: HEIGHT, bits: BITS, square: SQUARE, sampleRate: SAMPLE_RATE });
    const chunks = encoded.chunks.map(({ data, ...rest }): Chunk => ({ ...rest, data: Buffer.from(data, 'base64') }));
    return webm({ width: WIDTH, height: HEIGHT, lengthMs: seconds * 1_000, sampleRate: SAMPLE_RATE, soundHead: Buffer.from(encoded.soundHead, 'base64'), chunks });
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
async function encode(plan: { seconds: number; fps: number; ground: string; width: number; height: number; bits: number; square: number; sampleRate: number }): Promise<Encoded> {
  const { seconds, fps, ground, width, height, bits, square, sampleRate } = plan;
  const chunks: { track: 1 | 2; atMs: number; key: boolean; data: string }[] = [];
  let soundHead = '';
  const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const take = (track: 1 | 2) => (chunk: EncodedVideoChunk | EncodedAudioChunk, about?: { decoderConfig?: { description?: AllowSharedBufferSource } }) => {
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    chunks.push({ track, atMs: Math.round(chunk.timestamp / 1_000), key: chunk.type === 'key', data: base64(data) });
    const head = about?.decoderConfig?.description;
    if (track === 2 && head && !soundHead) soundHead = base64(head instanceof ArrayBuffer ? new Uint8Array(head) : new Uint8Array((head as ArrayBufferView).buffer as ArrayBuffer, (head as ArrayBufferView).byteOffset, (head as ArrayBufferView).byteLength));
  };
  const fail = (error: Error) => {
    throw error;
  };
  const pictures = new VideoEncoder({ output: take(1), error: fail });
  pictures.configure({ codec: 'vp8', width, height, bitrate: 300_000, framerate: fps });
  const sound = new AudioEncoder({ output: take(2), error: fail });
  sound.configure({ codec: 'opus', sampleRate, numberOfChannels: 1, bitrate: 32_000 });

  const canvas = new OffscreenCanvas(width, height);
  const draw = canvas.getContext('2d')!;
  for (let number = 0; number < seconds * fps; number++) {
    draw.fillStyle = ground;
    draw.fillRect(0, 0, width, height);
    draw.fillStyle = '#9ab';
    draw.fillRect(((number * 3) % width) - 20, 30, 40, 40);
    draw.fillStyle = '#fff';
    draw.font = '36px monospace';
    draw.fillText(`${Math.floor(number / fps / 60)}:${String(Math.floor(number / fps) % 60).padStart(2, '0')}.${String(number % fps).padStart(2, '0')}`, 90, 115);
    for (let bit = 0; bit < bits; bit++) {
      draw.fillStyle = (number >> bit) & 1 ? '#fff' : '#000';
      draw.fillRect(20 + bit * square, height - square - 10, square, square);
    }
    const frame = new VideoFrame(canvas, { timestamp: Math.round((number / fps) * 1e6), duration: Math.round(1e6 / fps) });
    pictures.encode(frame, { keyFrame: number % fps === 0 });
    frame.close();
    while (pictures.encodeQueueSize > 8) await new Promise((next) => setTimeout(next, 1));
  }
  const block = sampleRate / 50;
  for (let at = 0; at < seconds * sampleRate; at += block) {
    const samples = Float32Array.from({ length: block }, (_, index) => 0.05 * Math.sin((2 * Math.PI * 440 * (at + index)) / sampleRate));
    sound.encode(new AudioData({ format: 'f32', sampleRate, numberOfFrames: block, numberOfChannels: 1, timestamp: Math.round((at / sampleRate) * 1e6), data: samples }));
    while (sound.encodeQueueSize > 50) await new Promise((next) => setTimeout(next, 1));
  }
  await pictures.flush();
  await sound.flush();
  return { soundHead, chunks };
}
