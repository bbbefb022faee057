// The light build has the shapes of the whole one, and brings no declarations of its own.
declare module 'hls.js/light' {
  export { default } from 'hls.js';
}
