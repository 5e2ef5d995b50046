import Handlebars from 'handlebars';
import { statementStyle } from './statement-style.js';

/**
 * Makes a page of a template, which is compiled at the first use. Text of a file goes through double braces alone,
 * which escape it; a name that the template has and the content has not is an error, not a gap.
 * The page may load nothing and run nothing, whatever a file has put into it.
 */
export function makePage<Content extends { lang: string; title: string }>(
  body: string,
): (content: Content) => string {
  return Handlebars.create().compile<Content>(
    `<!doctype html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{{title}}</title>
<style>${statementStyle}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`,
    { strict: true, knownHelpersOnly: true },
  );
}
