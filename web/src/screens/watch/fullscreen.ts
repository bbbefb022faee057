// The whole screen for the player with its controls; on phones that know it for pictures only, for the picture.
export function toggleFullscreen(box: HTMLElement | null): void {
  if (!box) return;
  if (document.fullscreenElement) {
    void document.exitFullscreen();
  } else if (box.requestFullscreen) {
    box.requestFullscreen().catch(() => {});
  } else {
    const video = box.querySelector('video') as (HTMLVideoElement & { webkitEnterFullscreen?: () => void }) | null;
    video?.webkitEnterFullscreen?.();
  }
}
