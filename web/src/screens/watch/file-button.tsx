// Opens the chooser of files, and brings what is chosen.
import { useRef, type ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { UpIcon } from '../../ui/icons.tsx';

interface Props {
  readonly group: number;
  readonly label: string;
  /** Without it the button is only its icon. */
  readonly children?: ReactNode;
  readonly disabled?: boolean;
}

const ACCEPTED = 'video/*,audio/*,.vtt,.srt';

export function FileButton({ group, label, children, disabled = false }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const choose = () => input.current?.click();
  const bring = async (files: readonly File[]) => {
    const { bringToWatch } = await import('./bring.ts');
    await bringToWatch(group, files);
  };
  return (
    <>
      {children ? <Button disabled={disabled} aria-label={label} onClick={choose}><UpIcon size={18} />{children}</Button> : <IconButton label={label} disabled={disabled} onClick={choose}><UpIcon /></IconButton>}
      <input
        ref={input} type="file" multiple accept={ACCEPTED} hidden
        onChange={(event) => {
          void bring([...(event.target.files ?? [])]);
          // The same one once more is a choice, too.
          event.target.value = '';
        }}
      />
    </>
  );
}
