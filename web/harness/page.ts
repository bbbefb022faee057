// What runs in each browser beside the client: it writes down where the picture is, twenty times a second, by a clock that
// was compared with the harness's, and reads the number out of each picture as a witness that needs no player's word.

/** `[at, position s, rate, moves]`: `at` by the harness's clock, in milliseconds. */
export type Sample = readonly [at: number, position: number, rate: number, moves: boolean];

export interface Recording {
  readonly samples: readonly Sample[];
  /** When each picture came to the screen, its number, and by how much the browser was late in saying so. */
  readonly pictures: readonly (readonly [at: number, number: number, late: number])[];
  /** When the element began to go elsewhere. */
  readonly seeks: readonly number[];
  /** How late this page's timers were, in milliseconds. */
  readonly lateness: readonly number[];
  /** Half of the shortest round trip of the comparison: the error of the clock is not larger. */
  readonly clockErrorMs: number;
}

declare global {
  interface Window {
    parlorHarness: { compare(): Promise<void>; take(): Recording };
  }
}

export interface PagePlan {
  readonly clockUrl: string;
  readonly everyMs: number;
  readonly bits: number;
  readonly square: number;
  readonly height: number;
  /** How much faster its media run than it is told: one crystal differs from another. */
  readonly mediaSkew: number;
  /** The same for the clock that the client measures with, which besides began anywhere. */
  readonly clockSkew: number;
  readonly clockOffsetMs: number;
  /** The element takes no change of speed, and goes nowhere while it plays: as if nothing steered it after the start. */
  readonly unsteered: boolean;
}

/** Runs in the page before anything else does. */
export function observe(plan: PagePlan): void {
  const samples: Sample[] = [];
  const pictures: [number, number, number][] = [];
  const seeks: number[] = [];
  const lateness: number[] = [];
  let ahead = 0;
  let clockErrorMs = Infinity;
  // Kept from what a test does to the clocks later.
  const perf = performance.now.bind(performance);
  const now = () => perf() + ahead;
  performance.now = () => perf() * (1 + plan.clockSkew) + plan.clockOffsetMs;

  const compare = async () => {
    for (let n = 0; n < 30; n++) {
      const sent = perf();
      const there = Number(await (await fetch(plan.clockUrl, { cache: 'no-store' })).text());
      const back = perf();
      if ((back - sent) / 2 < clockErrorMs) {
        clockErrorMs = (back - sent) / 2;
        ahead = there - (sent + back) / 2;
      }
    }
  };

  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLVideoElement) watch(element);
    return element;
  }) as typeof document.createElement;

  const canvas = new OffscreenCanvas(plan.bits, 1);
  const draw = canvas.getContext('2d', { willReadFrequently: true })!;
  const numberOf = (video: HTMLVideoElement) => {
    draw.drawImage(video, 20, plan.height - plan.square - 10, plan.bits * plan.square, plan.square, 0, 0, plan.bits, 1);
    const { data } = draw.getImageData(0, 0, plan.bits, 1);
    let number = 0;
    for (let bit = 0; bit < plan.bits; bit++) if (data[bit * 4]! > 127) number |= 1 << bit;
    return number;
  };

  const watch = (video: HTMLVideoElement) => {
    // Or its pictures could not be looked at.
    video.crossOrigin = 'anonymous';
    video.addEventListener('seeking', () => seeks.push(now()));
    runAsItsCrystalDoes(video);
    let due = perf() + plan.everyMs;
    setInterval(() => {
      lateness.push(Math.max(0, perf() - due));
      due = perf() + plan.everyMs;
      samples.push([now(), video.currentTime, video.playbackRate, !video.paused && !video.seeking && video.readyState >= 3]);
    }, plan.everyMs);
    const onPicture = (_: number, { expectedDisplayTime }: VideoFrameCallbackMetadata) => {
      pictures.push([expectedDisplayTime + ahead, numberOf(video), perf() - expectedDisplayTime]);
      video.requestVideoFrameCallback(onPicture);
    };
    video.requestVideoFrameCallback(onPicture);
  };

  const runAsItsCrystalDoes = (video: HTMLVideoElement) => {
    const own = (name: 'playbackRate' | 'currentTime') => Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, name)!;
    const [rate, time] = [own('playbackRate'), own('currentTime')];
    let told = 1;
    const setRate = (to: number) => {
      told = to;
      rate.set!.call(video, to * (1 + plan.mediaSkew));
    };
    setRate(1);
    // What it is told while it loads, it forgets.
    video.addEventListener('loadedmetadata', () => setRate(told));
    Object.defineProperty(video, 'playbackRate', { get: () => told, set: (to: number) => setRate(plan.unsteered ? 1 : to) });
    if (!plan.unsteered) return;
    Object.defineProperty(video, 'currentTime', { get: () => time.get!.call(video) as number, set: (to: number) => video.paused && time.set!.call(video, to) });
  };

  window.parlorHarness = { compare, take: () => ({ samples, pictures, seeks, lateness, clockErrorMs }) };
}
