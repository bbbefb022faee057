// The conductor of uploads: which files are on their way, how many at once, paused, taken up again, given up.
import { api } from '../api.ts';
import { asFailure } from '../failure.ts';
import type { FileKind, Upload } from '../shapes.ts';
import { toWebVtt } from '../watch/subtitles.ts';
import { kindOfFile } from './kinds.ts';
import { appendPart, offsetOf } from './parts.ts';
import { Remembered } from './remembered.ts';
import { send, type Step } from './sending.ts';
import { Speed } from './speed.ts';
import { filesChanged, useUploads, type Sending } from './store.ts';
import { notTaken, refusalBefore, uploadProblem } from './words.ts';

/** More would only share the same line. */
const MOST_AT_ONCE = 2;

interface Course {
  readonly file: File;
  readonly onReady: (upload: Upload) => void;
  readonly speed: Speed;
  /** While it is under way. */
  abort: AbortController | null;
}

const courses = new Map<number, Course>();
const remembered = new Remembered(localStorage);
let lastKey = 0;

/** Sends files to a group; one that is there in part already goes on. Gives back what cannot come, in words. */
export async function bringFiles(group: number, files: readonly File[], takes: readonly FileKind[], onReady: (upload: Upload) => void, inMessage = false): Promise<readonly string[]> {
  const problems: string[] = [];
  // Without an answer the server decides alone.
  const list = await api.uploads(group, null).catch(() => null);
  for (const given of files) {
    const kind = kindOfFile(given);
    if (kind === null || !takes.includes(kind)) {
      problems.push(notTaken(given.name, takes));
      continue;
    }
    const file = kind === 'subtitles' ? await asWebVtt(given) : given;
    const known = remembered.find(file, (list?.uploads ?? []).filter(({ id }) => !isSending(id)));
    const problem = known ? null : refusalBefore(file, list);
    if (problem === null) begin(group, file, kind, known, onReady, inMessage);
    else problems.push(problem);
  }
  startNext();
  return problems;
}

function begin(group: number, file: File, kind: FileKind, known: Upload | null, onReady: (upload: Upload) => void, inMessage: boolean): void {
  const key = ++lastKey;
  courses.set(key, { file, onReady, speed: new Speed(), abort: null });
  const { name, size } = file;
  const sending: Sending = { key, group, name, size, kind, inMessage, upload: known?.id ?? null, sent: known?.received ?? 0, state: 'waiting', leftMs: null, problem: null, mayRetry: false };
  useUploads.setState((before) => ({ sending: [...before.sending, sending] }));
}

export function pauseUpload(key: number): void {
  change(key, { state: 'paused', leftMs: null });
  courses.get(key)?.abort?.abort();
}

/** After a pause or a failure. */
export function resumeUpload(key: number): void {
  change(key, { state: 'waiting', problem: null });
  startNext();
}

/** Gives it up: what is there of it goes. */
export function cancelUpload(key: number): void {
  const sending = find(key);
  courses.get(key)?.abort?.abort();
  forget(key);
  if (sending?.upload != null) {
    remembered.remove(sending.upload);
    api.deleteUpload(sending.group, sending.upload).then(filesChanged, filesChanged);
  }
}

function startNext(): void {
  const { sending } = useUploads.getState();
  const busy = sending.filter(({ key }) => courses.get(key)?.abort).length;
  for (const { key } of sending.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, MOST_AT_ONCE - busy))) void run(key);
}

async function run(key: number): Promise<void> {
  const course = courses.get(key);
  const sending = find(key);
  if (!course || !sending || course.abort) return;
  const { file, speed } = course;
  const { group, name, size, kind } = sending;
  const abort = new AbortController();
  course.abort = abort;
  change(key, { state: 'sending' });
  const ports = {
    announce: async () => (await api.announceUpload(group, { name, size, kind })).upload,
    offset: (upload: number, signal: AbortSignal) => offsetOf(group, upload, signal),
    append: (upload: number, from: number, to: number, onSent: (bytes: number) => void, signal: AbortSignal) => appendPart(group, upload, from, file.slice(from, to), onSent, signal),
    show: async (upload: number) => (await api.upload(group, upload)).upload,
    wait: waitForLine,
    now: () => performance.now(),
  };
  const tell = (step: Step) => {
    if (step.state === 'announced') {
      // Given up while it was announced.
      if (!find(key)) return void api.deleteUpload(group, step.upload).catch(() => {});
      remembered.put(step.upload, file);
      change(key, { upload: step.upload });
    } else if (abort.signal.aborted) {
      // What still comes of a part that was broken off.
    } else if (step.state === 'sending') {
      change(key, { state: 'sending', sent: step.sent, leftMs: speed.leftMs(step.sent, size, performance.now()) });
    } else {
      if (step.state === 'away') speed.forget();
      change(key, { state: step.state, leftMs: null, ...(step.state === 'looking' ? { sent: size } : {}) });
    }
  };
  try {
    const upload = await send(size, sending.upload, ports, tell, abort.signal);
    remembered.remove(upload.id);
    forget(key);
    filesChanged();
    course.onReady(upload);
  } catch (error) {
    if (!abort.signal.aborted) fail(key, error);
  } finally {
    course.abort = null;
    speed.forget();
    // Gone on with before it had stopped, or the next one's turn.
    startNext();
  }
}

function fail(key: number, error: unknown): void {
  const failure = asFailure(error);
  // What the server refused it has forgotten, too.
  const isGone = failure.code === 'invalid' || failure.code === 'not_found';
  const upload = find(key)?.upload;
  if (isGone && upload != null) remembered.remove(upload);
  const mayRetry = !['invalid', 'too_large', 'forbidden'].includes(failure.code);
  change(key, { state: 'failed', problem: uploadProblem(failure), leftMs: null, mayRetry, ...(isGone ? { upload: null, sent: 0 } : {}) });
  filesChanged();
}

/** Until the time is over or the network is back, whichever is first. */
function waitForLine(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) failed(signal.reason);
      else done();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** Servers and browsers know WebVTT alone; SubRip becomes it here. What is neither is for the server to refuse. */
async function asWebVtt(file: File): Promise<File> {
  if (!/\.srt$/i.test(file.name)) return file;
  const text = toWebVtt(await file.text());
  if (text === null) return file;
  return new File([text], file.name.replace(/\.srt$/i, '.vtt'), { type: 'text/vtt', lastModified: file.lastModified });
}

function isSending(upload: number): boolean {
  return useUploads.getState().sending.some((sending) => sending.upload === upload);
}

function find(key: number): Sending | undefined {
  return useUploads.getState().sending.find((sending) => sending.key === key);
}

function change(key: number, to: Partial<Sending>): void {
  useUploads.setState(({ sending }) => ({ sending: sending.map((one) => (one.key === key ? { ...one, ...to } : one)) }));
}

function forget(key: number): void {
  courses.delete(key);
  useUploads.setState(({ sending }) => ({ sending: sending.filter((one) => one.key !== key) }));
}
