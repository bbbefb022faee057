// The rating over the last duels, drawn by us. Its table says the same to those who do not see it.
import { graphOf } from '../../duel/rating-graph.ts';
import { fullTime } from '../../model/time.ts';
import type { RatingPoint } from '../../shapes.ts';
import { Table } from './table.tsx';
import styles from './profile-screen.module.css';

const [WIDTH, HEIGHT, LEFT, PAD] = [640, 200, 72, 12];

export function RatingGraph({ points }: { points: readonly RatingPoint[] }) {
  if (points.length === 0) return null;
  const { spots, line, band, marks } = graphOf(points, WIDTH, HEIGHT);
  const first = points[0]!;
  const last = points.at(-1)!;
  const ratings = points.map(({ rating }) => Math.round(rating));
  const about = `Rating over ${points.length} ${points.length === 1 ? 'duel' : 'duels'}: from ${Math.round(first.rating)} to ${Math.round(last.rating)}, between ${Math.min(...ratings)} and ${Math.max(...ratings)}.`;
  return (
    <figure className={styles.figure}>
      <svg className={styles.graph} viewBox={`${-LEFT} ${-PAD} ${WIDTH + LEFT + PAD} ${HEIGHT + 2 * PAD}`} role="img" aria-label={about}>
        {marks.map(({ y, rating }) => (
          <g key={rating}>
            <line className={styles.rule} x1={0} x2={WIDTH} y1={y} y2={y} />
            <text className={styles.mark} x={-8} y={y} dominantBaseline="middle" textAnchor="end">{rating}</text>
          </g>
        ))}
        {band && <path className={styles.band} d={band} />}
        <path className={styles.line} d={line} />
        {spots.map(({ x, y }, index) => (
          <circle key={index} className={styles.spot} cx={x} cy={y} r={index === spots.length - 1 ? 5 : 3}>
            <title>{`${ratings[index]} after the duel of ${fullTime(Date.parse(points[index]!.at))}`}</title>
          </circle>
        ))}
      </svg>
      <figcaption className={styles.caption}>{points.length === 1 ? 'The rating after the first duel.' : 'The line is the rating, the ground around it how sure that is.'}</figcaption>
      <details className={styles.details}>
        <summary>The same as a table</summary>
        <Table
          label="Rating after each duel"
          heads={['', 'When', 'Rating', 'Give or take', 'Points']}
          rows={points.map(({ at, rating, deviation, xp }, index) => ({ key: index, cells: [`${index + 1}.`, fullTime(Date.parse(at)), Math.round(rating), `±${Math.round(2 * deviation)}`, xp] })).reverse()}
        />
      </details>
    </figure>
  );
}
