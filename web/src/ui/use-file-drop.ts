// Files that are dragged over a part of the page: whether they are above it now, and what is let go of there.
import { useRef, useState, type DragEvent } from 'react';

interface FileDrop {
  readonly isOver: boolean;
  readonly handlers: {
    readonly onDragEnter: (event: DragEvent) => void;
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
}

export function useFileDrop(onFiles: (files: readonly File[]) => void): FileDrop {
  const [isOver, setIsOver] = useState(false);
  // Each part inside is entered before the one around it is left.
  const depth = useRef(0);
  const to = (next: number) => {
    depth.current = Math.max(0, next);
    setIsOver(depth.current > 0);
  };
  return {
    isOver,
    handlers: {
      onDragEnter: (event) => {
        if (!takes(event)) return;
        to(depth.current + 1);
      },
      onDragOver: (event) => {
        if (!takes(event)) return;
        event.dataTransfer.dropEffect = 'copy';
      },
      onDragLeave: (event) => {
        if (takes(event)) to(depth.current - 1);
      },
      onDrop: (event) => {
        if (!takes(event)) return;
        to(0);
        onFiles([...event.dataTransfer.files]);
      },
    },
  };
}

/** Files only, and not also for the part around this one. */
function takes(event: DragEvent): boolean {
  if (!event.dataTransfer.types.includes('Files')) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
