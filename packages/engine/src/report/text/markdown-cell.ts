/**
 * A text as the cell of a Markdown table (GitHub's dialect): what would be read as markup, as HTML or as somebody's name
 * stands behind a backslash or, where that does not help, as a character reference.
 */
export function markdownCell(text: string): string {
  return text
    .replace(/[\p{Cc}]+/gu, " ")
    .replace(/[\\`*_[\]{}()#|~!]/g, (character) => `\\${character}`)
    .replace(/[&<>@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
