// Where the points, the line and the marks of a rating graph lie. Pure: `screens/duel/rating-graph.tsx` draws it.
import type { RatingPoint } from '../shapes.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Graph {
  /** One for each point, left to right. */
  readonly spots: readonly Spot[];
  /** The line through them, as the `d` of a path. */
  readonly line: string;
  /** Between what is likely at most and at least: twice the deviation. */
  readonly band: string;
  readonly marks: readonly { readonly y: number; readonly rating: number }[];
}

const STEPS = [10, 25, 50, 100, 250, 500];
const MOST_MARKS = 5;

/** `width` and `height` of the drawing; what counts is the order of duels, not the days between them. */
export function graphOf(points: readonly RatingPoint[], width: number, height: number): Graph {
  if (points.length === 0) return { spots: [], line: '', band: '', marks: [] };
  const ratings = points.map(({ rating }) => rating);
  const spread = Math.max(...ratings) - Math.min(...ratings);
  const room = Math.max(25, spread * 0.15);
  const low = Math.min(...ratings) - room;
  const high = Math.max(...ratings) + room;
  const y = (rating: number) => round(height - ((Math.min(high, Math.max(low, rating)) - low) / (high - low)) * height);
  const x = (index: number) => round(points.length === 1 ? width / 2 : (index / (points.length - 1)) * width);
  const spots = points.map(({ rating }, index) => ({ x: x(index), y: y(rating) }));
  const upper = points.map(({ rating, deviation }, index) => ({ x: x(index), y: y(rating + 2 * deviation) }));
  const lower = points.map(({ rating, deviation }, index) => ({ x: x(index), y: y(rating - 2 * deviation) }));
  const step = STEPS.find((size) => (high - low) / size <= MOST_MARKS) ?? 1_000;
  const marks: { y: number; rating: number }[] = [];
  for (let rating = Math.ceil(low / step) * step; rating <= high; rating += step) marks.push({ y: y(rating), rating });
  return { spots, line: path(spots), band: points.length < 2 ? '' : `${path([...upper, ...lower.reverse()])}Z`, marks };
}

function path(spots: readonly Spot[]): string {
  return spots.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
