// Puts encoded pictures and sound into a WebM file that can be sought: with its length and the places of its key pictures
// at the front. Just enough of the container for a film that a test has made.

export interface Chunk {
  readonly track: 1 | 2;
  readonly atMs: number;
  readonly key: boolean;
  readonly data: Uint8Array;
}

export interface Film {
  readonly width: number;
  readonly height: number;
  readonly lengthMs: number;
  readonly sampleRate: number;
  /** The head of the sound's codec, as its encoder gave it. */
  readonly soundHead: Uint8Array;
  readonly chunks: readonly Chunk[];
}

/** A cluster's clock counts to 32 s; a second is also how far apart key pictures are. */
const CLUSTER_MS = 1_000;

export function webm(film: Film): Buffer {
  const clusters = clustersOf(film.chunks);
  const info = element(0x1549a966, element(0x2ad7b1, uint(1_000_000)), element(0x4489, double(film.lengthMs)), element(0x4d80, text('parlor tests')), element(0x5741, text('parlor tests')));
  const tracks = element(0x1654ae6b, pictureTrack(film), soundTrack(film));
  // Numbers in it are of fixed width, so that its size is known before the places are.
  const cuesSize = cues(clusters, 0).length;
  const headSize = seekHead(0, 0, 0).length;
  const infoAt = headSize;
  const tracksAt = infoAt + info.length;
  const cuesAt = tracksAt + tracks.length;
  const body = [seekHead(infoAt, tracksAt, cuesAt), info, tracks, cues(clusters, cuesAt + cuesSize), ...clusters.map(({ bytes }) => bytes)];
  const head = element(
    0x1a45dfa3, element(0x4286, uint(1)), element(0x42f7, uint(1)), element(0x42f2, uint(4)), element(0x42f3, uint(8)), element(0x4282, text('webm')), element(0x4287, uint(4)), element(0x4285, uint(2)),
  );
  return Buffer.concat([head, element(0x18538067, ...body)]);
}

interface Cluster {
  readonly atMs: number;
  readonly bytes: Buffer;
}

function clustersOf(chunks: readonly Chunk[]): readonly Cluster[] {
  const sorted = chunks.toSorted((a, b) => a.atMs - b.atMs || a.track - b.track);
  const clusters: { atMs: number; blocks: Buffer[] }[] = [];
  for (const chunk of sorted) {
    const last = clusters.at(-1);
    const begins = !last || (chunk.track === 1 && chunk.key && chunk.atMs - last.atMs >= CLUSTER_MS);
    const cluster = begins ? { atMs: chunk.atMs, blocks: [] } : last;
    if (begins) clusters.push(cluster);
    const head = Buffer.alloc(4);
    head[0] = 0x80 | chunk.track;
    head.writeInt16BE(chunk.atMs - cluster.atMs, 1);
    head[3] = chunk.key ? 0x80 : 0;
    cluster.blocks.push(element(0xa3, head, chunk.data));
  }
  return clusters.map(({ atMs, blocks }) => ({ atMs, bytes: element(0x1f43b675, element(0xe7, uint(atMs)), ...blocks) }));
}

function pictureTrack({ width, height }: Film): Buffer {
  return element(
    0xae, element(0xd7, uint(1)), element(0x73c5, uint(1)), element(0x83, uint(1)), element(0x9c, uint(0)), element(0x86, text('V_VP8')),
    element(0xe0, element(0xb0, uint(width)), element(0xba, uint(height))),
  );
}

function soundTrack({ sampleRate, soundHead }: Film): Buffer {
  return element(
    0xae, element(0xd7, uint(2)), element(0x73c5, uint(2)), element(0x83, uint(2)), element(0x9c, uint(0)), element(0x86, text('A_OPUS')), element(0x56aa, uint(6_500_000)), element(0x56bb, uint(80_000_000)),
    element(0x63a2, soundHead), element(0xe1, element(0xb5, double(sampleRate)), element(0x9f, uint(1))),
  );
}

function cues(clusters: readonly Cluster[], firstAt: number): Buffer {
  let at = firstAt;
  const points = clusters.map(({ atMs, bytes }) => {
    const point = element(0xbb, element(0xb3, uint(atMs)), element(0xb7, element(0xf7, uint(1)), element(0xf1, uint(at))));
    at += bytes.length;
    return point;
  });
  return element(0x1c53bb6b, ...points);
}

function seekHead(infoAt: number, tracksAt: number, cuesAt: number): Buffer {
  const entry = (id: number, at: number) => element(0x4dbb, element(0x53ab, idBytes(id)), element(0x53ac, uint(at)));
  return element(0x114d9b74, entry(0x1549a966, infoAt), entry(0x1654ae6b, tracksAt), entry(0x1c53bb6b, cuesAt));
}

/** An id, the size in eight bytes, the content. */
function element(id: number, ...content: readonly Uint8Array[]): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE((1n << 56n) | BigInt(content.reduce((sum, part) => sum + part.length, 0)));
  return Buffer.concat([idBytes(id), size, ...content]);
}

function idBytes(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(id);
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
}

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.round(value)));
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.from(value, 'utf8');
}
