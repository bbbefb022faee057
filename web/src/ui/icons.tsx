// Our own icons, drawn on a grid of 20 with a stroke of 1.6. They are decoration: the control that holds one has a name.
import type { ReactNode } from 'react';

function icon(drawing: ReactNode) {
  return function Icon({ size = 20 }: { size?: number }) {
    return (
      <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
        {drawing}
      </svg>
    );
  };
}

export const BackIcon = icon(<path d="M12.5 4.5 7 10l5.5 5.5" />);
export const CloseIcon = icon(<path d="M5 5l10 10M15 5 5 15" />);
export const PlusIcon = icon(<path d="M10 4v12M4 10h12" />);
export const SearchIcon = icon(<><circle cx="8.8" cy="8.8" r="4.8" /><path d="m12.5 12.5 4 4" /></>);
export const MoreIcon = icon(<><circle cx="4.5" cy="10" r=".9" fill="currentColor" /><circle cx="10" cy="10" r=".9" fill="currentColor" /><circle cx="15.5" cy="10" r=".9" fill="currentColor" /></>);
export const PeopleIcon = icon(<><circle cx="7.5" cy="7" r="2.8" /><path d="M2.5 16c.4-2.8 2.3-4.3 5-4.3s4.6 1.5 5 4.3" /><path d="M13 4.5a2.6 2.6 0 0 1 0 5M14.5 12c1.7.5 2.7 1.8 3 4" /></>);
export const SettingsIcon = icon(<><path d="M3 6h7M15 6h2M3 14h2M10 14h7" /><circle cx="12.5" cy="6" r="2.2" /><circle cx="7.5" cy="14" r="2.2" /></>);
export const SendIcon = icon(<path d="M3.5 10 3 3.8 17 10 3 16.2l.5-6.2Zm0 0H10" />);
export const ReplyIcon = icon(<path d="M8 5 3.5 9.3 8 13.5M4 9.3h6.5c3.5 0 5.5 2 6 5.7" />);
export const EditIcon = icon(<path d="m4 16 .6-3.4 8-8a1.4 1.4 0 0 1 2 0l.8.8a1.4 1.4 0 0 1 0 2l-8 8L4 16Zm7.3-10 2.7 2.7" />);
export const TrashIcon = icon(<path d="M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10M8.5 9v4.5M11.5 9v4.5" />);
export const SmileIcon = icon(<><circle cx="10" cy="10" r="6.8" /><path d="M7 11.8c.7 1.2 1.7 1.8 3 1.8s2.3-.6 3-1.8M7.5 8h.01M12.5 8h.01" /></>);
export const DownIcon = icon(<path d="M10 4v11.5M5.5 11 10 15.5 14.5 11" />);
export const UpIcon = icon(<path d="M10 16V4.5M5.5 9 10 4.5 14.5 9" />);
export const ClockIcon = icon(<><circle cx="10" cy="10" r="6.8" /><path d="M10 6v4.3l2.8 1.7" /></>);
export const WarnIcon = icon(<path d="M10 3.5 2.8 16h14.4L10 3.5ZM10 8.2v3.6M10 14h.01" />);
export const CopyIcon = icon(<><rect x="7" y="7" width="9.5" height="9.5" rx="2" /><path d="M13 7V5.5a2 2 0 0 0-2-2H5.5a2 2 0 0 0-2 2V11a2 2 0 0 0 2 2H7" /></>);
export const LinkIcon = icon(<path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l1-1" />);
export const CheckIcon = icon(<path d="m4 10.5 4 4 8-9" />);
export const KeyIcon = icon(<><circle cx="6.8" cy="12.8" r="3.3" /><path d="m9.2 10.4 6.3-6.3M12.5 7.2l2.3 2.3" /></>);
export const ChatIcon = icon(<path d="M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-4 3v-3a1.7 1.7 0 0 1-1.5-2v-6Z" />);
export const LobbyIcon = icon(<><circle cx="10" cy="10" r="1.6" fill="currentColor" /><path d="M6.4 13.6a5 5 0 0 1 0-7.2M13.6 6.4a5 5 0 0 1 0 7.2M4 16a8.5 8.5 0 0 1 0-12M16 4a8.5 8.5 0 0 1 0 12" /></>);
export const WatchIcon = icon(<><rect x="2.8" y="4" width="14.4" height="10" rx="2" /><path d="M8.6 7v4l3.4-2-3.4-2ZM7 17h6" /></>);
export const PlayIcon = icon(<path d="M6 4.2v11.6l9.5-5.8L6 4.2Z" fill="currentColor" />);
export const PauseIcon = icon(<path d="M6.5 4.5v11M13.5 4.5v11" strokeWidth="3" />);
export const SoundIcon = icon(<><path d="M3.5 8v4h2.8L10 15.2V4.8L6.3 8H3.5Z" /><path d="M12.8 7.6a3.4 3.4 0 0 1 0 4.8M15 5.4a6.5 6.5 0 0 1 0 9.2" /></>);
export const MutedIcon = icon(<><path d="M3.5 8v4h2.8L10 15.2V4.8L6.3 8H3.5Z" /><path d="m13 8 4 4M17 8l-4 4" /></>);
export const CaptionsIcon = icon(<><rect x="2.8" y="4.5" width="14.4" height="11" rx="2" /><path d="M9 8.8a1.8 1.8 0 1 0 0 2.4M14.2 8.8a1.8 1.8 0 1 0 0 2.4" /></>);
export const FullscreenIcon = icon(<path d="M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5" />);
export const GripIcon = icon(<path d="M7.5 5h.01M7.5 10h.01M7.5 15h.01M12.5 5h.01M12.5 10h.01M12.5 15h.01" strokeWidth="2.4" />);
export const VoteIcon = icon(<path d="M10 4.5 4.5 11H8v4.5h4V11h3.5L10 4.5Z" />);
export const CrownIcon = icon(<path d="M3.5 6.5 6.8 10 10 4.5l3.2 5.5 3.3-3.5-1.2 8.5H4.7L3.5 6.5Z" />);
export const NextIcon = icon(<path d="m4.5 5 6 5-6 5V5ZM15 5v10" />);
export const QueueIcon = icon(<path d="M3.5 5h13M3.5 10h8M3.5 15h8M15 11v6M12 14h6" />);
export const ClipIcon = icon(<path d="m15.5 9.5-5.8 5.8a3.4 3.4 0 0 1-4.8-4.8l6.2-6.2a2.3 2.3 0 0 1 3.2 3.2l-6 6a1.1 1.1 0 0 1-1.6-1.6l5.4-5.4" />);
export const FileIcon = icon(<path d="M5.5 3.5h6l3.5 3.5v9.5h-9.5v-13Zm6 0V7H15" />);
export const KeepIcon = icon(<path d="M5.5 3.5h9v13L10 13l-4.5 3.5v-13Z" />);
export const FlagIcon = icon(<path d="M5 17V3.5M5 4h9.5l-2 3.5 2 3.5H5" />);
export const BlockIcon = icon(<><circle cx="10" cy="10" r="6.8" /><path d="m5.3 5.3 9.4 9.4" /></>);
export const BellIcon = icon(<path d="M5 14V9.5a5 5 0 0 1 10 0V14l1.2 1.5H3.8L5 14Zm3.5 3.2c.9.5 2.1.5 3 0" />);
export const DuelIcon = icon(<><path d="M7.2 6 3 10l4.2 4M12.8 6 17 10l-4.2 4" /><path d="m11.4 4.6-2.8 10.8" /></>);
export const EyeIcon = icon(<><path d="M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5Z" /><circle cx="10" cy="10" r="2.2" /></>);
export const ResetIcon = icon(<path d="M5 5.5v3.8h3.8M5.4 9.2A5.4 5.4 0 1 1 4.8 12" />);
