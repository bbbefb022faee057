// How long a person waits. The numbers are printed; they fail only where they are far off, since machines differ.
import { cpus } from 'node:os';
import { expect, Person, test } from './people.ts';

const RUNS = 7;

function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))]!;
}

function report(what: string, values: readonly number[], goal: number): void {
  const [p50, p95] = [percentile(values, 50), percentile(values, 95)];
  console.log(`${p50 <= goal ? 'ok  ' : 'SLOW'} ${what}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms (goal p50 ${goal}, ${cpus().length} cores)`);
}

test('cold open until the first message is painted', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Fast');
  for (let n = 1; n <= 50; n++) await ada.says(group, `message ${n}`);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const chat = await ada.opens(browser, '/healthz');
    await chat.page.goto(`${process.env.PARLOR_URL}/g/${group.id}`, { waitUntil: 'commit' });
    times.push(
      await chat.page.evaluate(
        () =>
          new Promise<number>((done) => {
            const look = () => (document.querySelector('article') ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look));
            look();
          }),
      ),
    );
    await chat.closes();
  }
  report('cold open → first message', times, 450);
  expect(percentile(times, 50)).toBeLessThan(2_000);
});

test('Enter until the row is seen here, and there', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Quick');
  await bob.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];
  await hers.writes('warm');
  await his.sees('warm');
  const own: number[] = [];
  const other: number[] = [];
  for (let n = 0; n < 15; n++) {
    const text = `ping ${n}.`;
    await hers.composer.fill(text);
    const wait = (wanted: string) =>
      new Promise<number>((done) => {
        const look = () => ([...document.querySelectorAll('article')].some((row) => row.textContent?.includes(wanted)) ? done(Date.now()) : requestAnimationFrame(look));
        look();
      });
    const seenThere = his.page.evaluate(wait, text);
    const [pressed, shown] = await hers.page.evaluate(async (wanted) => {
      const box = document.querySelector('textarea')!;
      const start = Date.now();
      const before = performance.now();
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      await new Promise<void>((done) => {
        const look = () => ([...document.querySelectorAll('article')].some((row) => row.textContent?.includes(wanted)) ? done() : requestAnimationFrame(look));
        look();
      });
      return [start, performance.now() - before] as const;
    }, text);
    own.push(shown);
    other.push((await seenThere) - pressed);
  }
  report('Enter → own row', own, 32);
  report('Enter → other browser', other, 100);
  await hers.closes();
  await his.closes();
});

test('scrolling through a long log stays smooth and small', async ({ browser }) => {
  test.setTimeout(120_000);
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Scroll');
  for (let n = 0; n < 1_000; n += 20) await Promise.all(Array.from({ length: 20 }, (_, k) => ada.says(group, `line ${n + k} ${'word '.repeat((n + k) % 30)}`)));
  const chat = await ada.opens(browser, `/g/${group.id}`);
  await expect(chat.log.getByRole('article').first()).toBeVisible();
  const { frames, most } = await chat.log.evaluate(async (feed) => {
    const frames: number[] = [];
    let most = 0;
    let last = performance.now();
    for (let step = 0; step < 300; step++) {
      feed.scrollTop -= 200;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
      most = Math.max(most, feed.querySelectorAll('article').length);
    }
    return { frames, most };
  });
  report('frame while scrolling', frames, 17);
  console.log(`     most rows in the document: ${most}`);
  expect(most).toBeLessThan(80);
  await chat.closes();
});
