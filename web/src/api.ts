// REST v1, one typed function a call. The session is an HttpOnly cookie that scripts cannot read: no token is ever kept
// here, the one in an answer is dropped with it.
import { noteServerDate } from './clock.ts';
import { Failure } from './failure.ts';
import type {
  Account, Ban, Bans, Blocks, ChangeGroup, Crowd, DuelProfile, DuelReplay, DuelReview, Duels, DuelStatus, Edits, Events, Group,
  Leaderboard, Me, Member, Members, Messages, NewGroup, NewSpeedChat, NewUpload, Position, Problem, Reports, Role, Server,
  Sessions, SignedIn, UploadAnswer, Uploads, VideoLookup, VideoSearch, WatchedList,
} from './shapes.ts';

const PREFIX = '/api/v1';
const PATIENCE_MS = 15_000;

/** Told when a call finds that the session has ended. */
let signedOut: () => void = () => {};
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  let response: Response;
  const askedAt = Date.now();
  try {
    response = await fetch(PREFIX + path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new Failure(late ? 'no_answer' : 'offline', '');
  }
  noteServerDate(response.headers.get('date'), askedAt, Date.now());
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer as T;
  throw Failure.fromProblem(answer as Partial<Problem>, response.status);
}

/** For everything that needs a session: a 401 means that it has ended, wherever it shows first. */
async function own<T>(method: Method, path: string, body?: unknown): Promise<T> {
  try {
    return await call<T>(method, path, body);
  } catch (error) {
    if (error instanceof Failure && error.code === 'unauthorized') signedOut();
    throw error;
  }
}

function query(values: Record<string, string | number | null | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}`;
}

export const api = {
  server: () => call<Server>('GET', '/server'),

  register: (body: { username: string; password: string; display_name?: string; admin_token?: string }) =>
    call<SignedIn>('POST', '/accounts', body),
  signIn: (body: { username: string; password: string }) => call<SignedIn>('POST', '/sessions', body),
  enterAsGuest: (body: { display_name: string; access_code?: string }) => call<SignedIn>('POST', '/guests', body),
  signOut: () => call<void>('DELETE', '/sessions/current'),
  sessions: () => own<Sessions>('GET', '/sessions'),
  signOutEverywhere: () => own<void>('DELETE', '/sessions'),
  endSession: (id: number) => own<void>('DELETE', `/sessions/${id}`),

  /** No sign-in sheet here: on the first load a 401 only means that nobody is signed in. */
  me: () => call<Me>('GET', '/me'),
  rename: (display_name: string) => own<{ account: Account }>('PATCH', '/me', { display_name }),
  changePassword: (body: { current: string; password: string }) => own<void>('PUT', '/me/password', body),

  group: (id: number) => own<{ group: Group }>('GET', `/groups/${id}`),
  createGroup: (body: NewGroup) => own<{ group: Group }>('POST', '/groups', body),
  joinGroup: (access_code: string) => own<{ group: Group }>('POST', '/groups/join', { access_code }),
  changeGroup: (id: number, body: ChangeGroup) => own<{ group: Group }>('PATCH', `/groups/${id}`, body),
  deleteGroup: (id: number) => own<void>('DELETE', `/groups/${id}`),
  rotateCode: (id: number) => own<{ group: Group }>('POST', `/groups/${id}/access_code`),
  turnCodeOff: (id: number) => own<{ group: Group }>('DELETE', `/groups/${id}/access_code`),
  handOver: (id: number, account_id: number) => own<{ group: Group }>('POST', `/groups/${id}/owner`, { account_id }),

  members: (id: number, cursor: string | null) => own<Members>('GET', `/groups/${id}/members${query({ cursor, limit: 200 })}`),
  changeRole: (id: number, account: number, role: Role) =>
    own<{ member: Member }>('PATCH', `/groups/${id}/members/${account}`, { role }),
  removeMember: (id: number, account: number) => own<void>('DELETE', `/groups/${id}/members/${account}`),
  bans: (id: number, cursor: string | null) => own<Bans>('GET', `/groups/${id}/bans${query({ cursor, limit: 200 })}`),
  ban: (id: number, body: { account_id: number; reason?: string }) => own<{ ban: Ban }>('POST', `/groups/${id}/bans`, body),
  liftBan: (id: number, account: number) => own<void>('DELETE', `/groups/${id}/bans/${account}`),

  messages: (id: number, before: number | null, limit: number) =>
    own<Messages>('GET', `/groups/${id}/messages${query({ before, limit })}`),
  edits: (id: number, seq: number) => own<Edits>('GET', `/groups/${id}/messages/${seq}/edits`),
  events: (id: number, after: Position, limit: number) =>
    own<Events>('GET', `/groups/${id}/events${query({ after: `${after.epoch}:${after.seq}`, limit })}`),

  watched: (id: number, cursor: string | null) => own<WatchedList>('GET', `/groups/${id}/watched${query({ cursor, limit: 50 })}`),

  /** The bytes of a file go by `uploads/parts.ts`. */
  uploads: (id: number, cursor: string | null) => own<Uploads>('GET', `/groups/${id}/uploads${query({ cursor, limit: 100 })}`),
  announceUpload: (id: number, body: NewUpload) => own<UploadAnswer>('POST', `/groups/${id}/uploads`, body),
  upload: (id: number, upload: number) => own<UploadAnswer>('GET', `/groups/${id}/uploads/${upload}`),
  deleteUpload: (id: number, upload: number) => own<void>('DELETE', `/groups/${id}/uploads/${upload}`),

  searchVideos: (q: string) => own<VideoSearch>('GET', `/videos/search${query({ q })}`),
  lookUpVideo: (url: string) => own<VideoLookup>('GET', `/videos/lookup${query({ url })}`),

  duelStatus: () => own<DuelStatus>('GET', '/duels/status'),
  /** Without a group: those that everybody may watch. */
  duels: (group: number | null) => own<Duels>('GET', `/duels${query({ group })}`),
  duelReview: (id: number) => own<DuelReview>('GET', `/duels/${id}`),
  duelReplay: (id: number) => own<DuelReplay>('GET', `/duels/${id}/replay`),
  duelProfile: (account: number, cursor: string | null) => own<DuelProfile>('GET', `/accounts/${account}/duels${query({ cursor, limit: 20 })}`),
  leaderboard: (cursor: string | null) => own<Leaderboard>('GET', `/leaderboard${query({ cursor, limit: 50 })}`),

  lobby: (id: number) => own<Crowd>('GET', `/groups/${id}/lobby`),
  startSpeedChat: (id: number, body: NewSpeedChat) => own<Crowd>('POST', `/groups/${id}/speed_chat`, body),
  stopSpeedChat: (id: number) => own<void>('DELETE', `/groups/${id}/speed_chat`),
  reports: (id: number, cursor: string | null) => own<Reports>('GET', `/groups/${id}/reports${query({ cursor, limit: 50 })}`),
  deleteReport: (id: number, report: number) => own<void>('DELETE', `/groups/${id}/reports/${report}`),
  blocks: (cursor: string | null) => own<Blocks>('GET', `/me/blocks${query({ cursor, limit: 200 })}`),
  unblock: (account: number) => own<void>('DELETE', `/me/blocks/${account}`),

  /** For a page that is being closed: the browser finishes it after we are gone. */
  deleteWhileLeaving: (id: number, seq: number) => {
    void fetch(`${PREFIX}/groups/${id}/messages/${seq}`, { method: 'DELETE', credentials: 'same-origin', keepalive: true }).catch(() => {});
  },
};
