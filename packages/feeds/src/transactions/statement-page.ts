import Handlebars from 'handlebars';
import { statementStyle } from './statement-style.js';

/** The one script that a page may run, and the source expression that allows it. */
interface Script {
  text: string;
  source: string;
}

/**
 * Makes a page of a template, which is compiled at the first use. Text of a file goes through double braces alone,
 * which escape it; a name that the template has and the content has not is an error, not a gap.
 * `meta` is further elements of the head, each with a line end.
 * The page may load nothing and run nothing but its own script, whatever a file has put into it.
 */
export function makePage<Content extends { title: string }>(
  body: string,
  { meta = '', script }: { meta?: string; script?: Script } = {},
): (content: Content) => string {
  return Handlebars.create().compile<Content>(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'${script ? `; script-src ${script.source}` : ''}">
<meta name="referrer" content="no-referrer">
${meta}<title>{{title}}</title>
<style>${statementStyle}</style>
</head>
<body>
<main>
${body}
</main>
${script ? `<script>${script.text}</script>\n` : ''}</body>
</html>
`,
    { strict: true, knownHelpersOnly: true, data: false },
  );
}

/** A list may stand in an item: it is escaped already. */
type Cell = string | number | Handlebars.SafeString;

/**
 * Makes a list, which a page takes as one value. The rows of a statement would be most of the work of Handlebars; so it
 * only reads the template of an item, which is text and names in double braces, and escapes the cells.
 */
export function makeList<Name extends string>(
  template: string,
): (items: readonly Readonly<Record<Name, Cell>>[]) => Handlebars.SafeString {
  let before = '';
  const slots: { name: Name; after: string }[] = [];
  for (const statement of Handlebars.parse(template).body) {
    const last = slots.at(-1);
    if (!isContent(statement)) slots.push({ name: readName(statement) as Name, after: '' });
    else if (last) last.after += statement.value;
    else before += statement.value;
  }
  return (items) => {
    let html = '';
    for (const cells of items) {
      html += before;
      for (const { name, after } of slots) html += escape(cells[name], name) + after;
    }
    return new Handlebars.SafeString(html);
  };
}

function escape(cell: Cell | undefined, name: string): string {
  if (typeof cell === 'string') return Handlebars.escapeExpression(cell);
  if (cell === undefined) throw new Error(`"${name}" is in the template of an item, and not in the item.`);
  return cell instanceof Handlebars.SafeString ? cell.toHTML() : String(cell);
}

function isContent(statement: hbs.AST.Statement): statement is hbs.AST.ContentStatement {
  return statement.type === 'ContentStatement';
}

function readName(statement: hbs.AST.Statement): string {
  const { type, path, params, escaped } = statement as hbs.AST.MustacheStatement;
  if (type !== 'MustacheStatement' || !escaped || path.type !== 'PathExpression' || params.length > 0)
    throw new Error(`An item has text and names in double braces, and no ${type}.`);
  return (path as hbs.AST.PathExpression).original;
}
