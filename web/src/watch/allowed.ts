// Which controls a viewer is offered: the mirror of `allows` in `crates/core/src/watch/control.rs`. The server decides;
// this only keeps buttons away that it would refuse.
import { mayChangeGroup } from '../model/permission.ts';
import type { Role, Watch } from '../shapes.ts';

export interface Allowed {
  /** Play, pause, seek, speed. */
  readonly playback: boolean;
  /** Put something on at once, go to the next. */
  readonly choice: boolean;
  /** Vote to leave what plays. */
  readonly skipVote: boolean;
  readonly add: boolean;
  /** Change the order, and remove what others brought. */
  readonly arrange: boolean;
  readonly handOver: boolean;
  readonly control: boolean;
}

export function allowed({ control, host }: Watch, role: Role, me: number): Allowed {
  const keepsOrder = mayChangeGroup(role);
  const hosts = host === null || host === me;
  const by = (who: Watch['control']['choice']) => keepsOrder || who === 'everyone' || (who === 'host' && hosts);
  return {
    playback: by(control.playback),
    choice: by(control.choice),
    skipVote: control.choice !== 'host' || hosts || keepsOrder,
    add: control.queue === 'vote' || by(control.queue),
    arrange: by(control.queue),
    handOver: host === me || keepsOrder,
    control: keepsOrder,
  };
}

/** How many of those who watch must want to leave what plays: half of them, at least one. */
export function votesToSkip(viewers: number): number {
  return Math.max(1, Math.ceil(viewers / 2));
}
