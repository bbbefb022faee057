// Made from crates/wire by its tests. Do not edit.
export * from "./calls";
export * from "./account";
export * from "./duel";
export * from "./event";
export * from "./group";
export * from "./lobby";
export * from "./message";
export * from "./numbers";
export * from "./problem";
export * from "./server";
export * from "./signal";
export * from "./socket";
export * from "./upload";
export * from "./video";
export * from "./watch";
