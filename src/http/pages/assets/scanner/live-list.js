// The list of live passes for the hours without a network (src/domain/live_list.rs).

const WORD = (1n << 64n) - 1n;

export class LiveList {
  /** Reads the bytes of `GET /api/v1/venues/{id}/live-passes`; throws when they are something else. */
  constructor(bytes) {
    const view = new DataView(bytes);
    if (view.byteLength < 68 || view.getUint32(0) !== 0x504e4c31) throw new Error("not a list");
    this.passes = view.getUint32(4, true);
    this.madeAt = new Date(Number(view.getBigUint64(8, true)));
    this.key = bytes.slice(16, 48);
    this.seed = view.getBigUint64(48, true);
    this.segmentLength = view.getUint32(56, true);
    this.segmentMask = view.getUint32(60, true);
    this.segments = BigInt(view.getUint32(64, true));
    this.view = view;
    this.prints = (view.byteLength - 68) / 2;
  }

  /** Whether the sixteen symbols are on the list. */
  async knows(code) {
    if (this.passes === 0 || this.prints === 0) return false;
    const key = await crypto.subtle.importKey("raw", this.key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(code));
    const hash = mix((new DataView(mac).getBigUint64(0) + this.seed) & WORD);
    const first = Number((hash * this.segments) >> 64n);
    const second = (first + this.segmentLength) ^ (Number((hash >> 18n) & 0xffffffffn) & this.segmentMask);
    const third = (first + 2 * this.segmentLength) ^ (Number(hash & 0xffffffffn) & this.segmentMask);
    const wanted = Number((hash ^ (hash >> 32n)) & 0xffffn);
    return (this.print(first) ^ this.print(second) ^ this.print(third)) === wanted;
  }

  print(index) {
    return this.view.getUint16(68 + 2 * index, true);
  }
}

// The finisher of MurmurHash3.
function mix(hash) {
  hash ^= hash >> 33n;
  hash = (hash * 0xff51afd7ed558ccdn) & WORD;
  hash ^= hash >> 33n;
  hash = (hash * 0xc4ceb9fe1a85ec53n) & WORD;
  return hash ^ (hash >> 33n);
}
