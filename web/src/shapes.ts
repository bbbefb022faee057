// The one place that says where the shapes of the wire come from. Everything else imports them from here.
export type {
  Account, Ack, AckError, Author, Ban, Bans, Calls, ChangeGroup, Code, Edit, Edits, Event, Events, Group, GroupUpdatedData,
  LeaveReason, Me, Member, Members, Message, Messages, MyGroup, NewGroup, OpenGroup, OpenedGroup, OpenedGroups, Position,
  Problem, Reaction, Resume, Role, Sent, Server, Session, Sessions, Signal, SignedIn, Told, Unread,
} from './wire/index.ts';
