// What reading and making values needs of the language itself. Evaluated when it is first needed, since most programs
// need none of it; a program that bent the language gets bent values. Nothing here is a boundary.
({
  // What an object is, and its items where it has some.
  take_apart(value) {
    if (value instanceof Map) return ["map", Array.from(value)];
    if (value instanceof Set) return ["set", Array.from(value)];
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return ["list", Array.from(value)];
    const name = Object.prototype.toString.call(value).slice(8, -1);
    return name === "Object" ? ["map", Object.entries(value)] : [name, []];
  },
  digits: (value) => value.toString(),
  integer: (digits) => BigInt(digits),
  units: (text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
  text: (units) => String.fromCharCode(...units),
  map: (pairs) => new Map(pairs),
  set: (items) => new Set(items),
});
