export interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/**
 * The lines of two texts in one list, by their longest common subsequence; removed lines stand before added ones.
 * Quadratic: for texts of some hundred lines.
 */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  // common[i][j]: length of the longest common subsequence of before[i..] and after[j..].
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i]![j] =
        before[i] === after[j]
          ? common[i + 1]![j + 1]! + 1
          : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: " ", text: before[i++]! });
      j++;
    } else if (i < before.length && (j === after.length || common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ sign: "-", text: before[i++]! });
    } else {
      lines.push({ sign: "+", text: after[j++]! });
    }
  }
  return lines;
}

/** Only the changes, with up to `context` equal lines around each; what was left out shows as `undefined`. */
export function withContext(lines: readonly DiffLine[], context: number): (DiffLine | undefined)[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== " "),
  );
  return lines.flatMap((line, index) => {
    if (near[index]) return [line];
    return index > 0 && near[index - 1] ? [undefined] : [];
  });
}
