// Orders what fits a few typed letters: beginnings of the label first, then beginnings of words, then letters in order.

export function rank<T extends { readonly label: string }>(choices: readonly T[], query: string): readonly T[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (!wanted) return choices;
  return choices
    .map((choice, index) => ({ choice, index, score: fit(choice.label.toLocaleLowerCase(), wanted) }))
    .filter((ranked) => ranked.score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((ranked) => ranked.choice);
}

function fit(label: string, wanted: string): number {
  if (label.startsWith(wanted)) return 4;
  if (label.split(/[\s\-_.]+/).some((word) => word.startsWith(wanted))) return 3;
  if (label.includes(wanted)) return 2;
  let at = 0;
  for (const letter of wanted) {
    at = label.indexOf(letter, at) + 1;
    if (at === 0) return 0;
  }
  return 1;
}
