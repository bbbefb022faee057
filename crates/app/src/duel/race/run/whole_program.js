// Runs a whole program, which is its argument, with its input. Inside the jail, like the program itself.
async function run(source, text) {
  const lines = text.split("\n");
  globalThis.prompt = globalThis.readline = () => lines.shift() ?? null;
  await (0, eval)(source);
}
