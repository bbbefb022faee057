// What happens to what is said, before it is said.
export function PrivacyNote({ lines, group }: { lines: number; group: string }) {
  return <>Nothing that is said here is stored. If one of you reports the other, the last {lines} lines go to those who keep order in <bdi>{group}</bdi>.</>;
}
