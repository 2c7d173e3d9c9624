/**
 * How every page of ours begins: it loads nothing from elsewhere, sends nothing, and fits a telephone. Up to and with `<body>`.
 * @param scripts Whether scripts that stand in the page itself may run (default false).
 */
export function htmlHead(title: string, style: string, { scripts = false } = {}): string {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(scripts ? ["script-src 'unsafe-inline'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
`;
}

/** Of pages of text and tables, light and dark. */
export const tablesStyle = `
:root { color-scheme: light dark; --allow: #14713a; --deny: #b3261e; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --allow: #6fd08c; --deny: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
@media (max-width: 40rem) { body { margin: .75rem; } }
`;
