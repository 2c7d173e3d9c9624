/** How a report marks its words. Each function gets text without line breaks and may wrap it, in colour codes say. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly allow: (text: string) => string;
  readonly deny: (text: string) => string;
}

const same = (text: string): string => text;

/** Marks nothing. Every report must be understood in this style. */
export const plainStyle: Style = { bold: same, dim: same, allow: same, deny: same };
