// A picture of a screen to look at, and no serious finding of axe on it.
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Chat } from './people.ts';

const PICTURES = join(import.meta.dirname, '../test-results/pictures');
mkdirSync(PICTURES, { recursive: true });

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } as const;

export async function examine(chat: Chat, name: string): Promise<void> {
  await chat.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page: chat.page }).analyze();
  const grave = violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical');
  expect(grave.map((v) => `${v.id}: ${v.nodes.map((node) => node.html).join(' | ')}`), name).toEqual([]);
}
