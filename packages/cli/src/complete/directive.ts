/** What a shell does with candidates: cobra's ShellCompDirective, for that is what kubectl asks its plugins for. */
export const directive = {
  /** Files, where there are no candidates. */
  files: 0,
  /** No space after a candidate: there is more to type. */
  noSpace: 2,
  noFiles: 4,
} as const;
