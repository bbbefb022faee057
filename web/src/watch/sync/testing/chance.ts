// Numbers between two others, each as likely.
import type { Dice } from '../../../testing/dice.ts';

export function between(dice: Dice, least: number, most: number): number {
  return least + ((most - least) * dice.below(1_000_000)) / 1_000_000;
}
