import Handlebars from 'handlebars';
import { problemKinds, PROBLEM_TYPE } from './problem-kinds.js';
import { pageStyle } from './page-style.js';

/** What we read of a JSON schema. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  anyOf?: Schema[];
  required?: string[];
  properties?: Record<string, Schema>;
  examples?: object[];
}

interface Operation {
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

const template = Handlebars.create().compile(
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Passbook: the API</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<h1>Passbook: the API</h1>
<p>{{description}} The same for programs: <a href="/openapi.json">openapi.json</a>.</p>
{{#each operations}}
<h2><code>{{method}} {{path}}</code></h2>
<p>{{summary}}.{{#if description}} {{description}}{{/if}}</p>
{{#if parameters.length}}<div class="scroll" tabindex="0" role="region" aria-label="Parameters of {{method}} {{path}}"><table>
<thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>{{#each parameters}}<tr><td><code>{{name}}</code></td><td>{{place}}</td><td>{{type}}</td><td class="wide">{{description}}</td></tr>
{{/each}}</tbody></table></div>{{/if}}
<form class="try" data-method="{{method}}" data-path="{{path}}">
<details><summary>Try it</summary>
{{#each parameters}}<label><code>{{name}}</code> <input name="{{name}}" data-in="{{in}}"></label>
{{/each}}{{#if body}}<label>Body<textarea name="body" rows="{{bodyRows}}">{{body}}</textarea></label>
{{/if}}<button>Send</button>
<pre class="answer" role="status" aria-label="Answer"></pre>
</details>
</form>
<p>Answers: {{#each answers}}{{status}} {{#if anchor}}<a href="#{{anchor}}">{{anchor}}</a>{{/if}}{{#unless @last}}, {{/unless}}{{/each}}.</p>
{{/each}}
{{#each schemas}}
<h2 id="{{name}}">{{name}}</h2>
{{#if description}}<p>{{description}}.</p>{{/if}}
<div class="scroll" tabindex="0" role="region" aria-label="{{name}}"><table>
<thead><tr><th scope="col">Property</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>{{#each properties}}<tr><td><code>{{name}}</code></td><td>{{type}}</td><td class="wide">{{description}}</td></tr>
{{/each}}</tbody></table></div>
{{/each}}
<h2>Kinds of problems</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Kinds of problems"><table>
<thead><tr><th scope="col">type</th><th scope="col">status</th><th scope="col">title</th></tr></thead>
<tbody>{{#each problems}}<tr><td><code>{{type}}</code></td><td>{{status}}</td><td class="wide">{{title}}</td></tr>
{{/each}}</tbody></table></div>
</main>
<script src="/reference.js"></script>
</body>
</html>
`,
);

/** The description of the API as a page for people. @param description as /openapi.json has it */
export function renderReference(description: object): string {
  const { info, paths, components } = description as {
    info: { description?: string };
    paths?: Record<string, Record<string, Operation>>;
    components?: { schemas?: Record<string, Schema> };
  };
  return template({
    style: pageStyle,
    description: info.description,
    operations: Object.entries(paths ?? {}).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => describeOperation(path, method, operation)),
    ),
    schemas: Object.entries(components?.schemas ?? {}).map(([name, schema]) => ({
      name,
      description: schema.description,
      properties: describeProperties(schema),
    })),
    problems: Object.entries(problemKinds).map(([kind, one]) => ({ type: PROBLEM_TYPE + kind, ...one })),
  });
}

function describeOperation(path: string, method: string, operation: Operation): object {
  const { summary, description, parameters = [], requestBody, responses = {} } = operation;
  const schema = requestBody?.content['application/json']?.schema;
  const body = schema && JSON.stringify(makeExample(schema), null, 2);
  return {
    path,
    method: method.toUpperCase(),
    summary,
    description,
    body,
    bodyRows: body && body.split('\n').length + 1,
    parameters: parameters.map(({ name, in: place, required, description: meaning, schema }) => ({
      name,
      in: place,
      place: required ? `${place}, required` : place,
      type: describeType(schema),
      description: meaning ?? schema.description,
    })),
    answers: Object.entries(responses).map(([status, { content = {} }]) => ({
      status: status.toLowerCase(),
      anchor: nameOf(Object.values(content)[0]?.schema),
    })),
  };
}

/** A body to begin with: what it may not be without. */
function makeExample({ properties = {}, required = [], examples = [] }: Schema): object {
  const [example] = examples;
  if (example) return example;
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.includes(name))
      .map(([name, { enum: values, type }]) => {
        if (values) return [name, values[0]];
        if (type === 'integer' || type === 'number') return [name, 1];
        return [name, name === 'amount' ? '1.00' : name.endsWith('Id') ? '1' : ''];
      }),
  );
}

/** The properties of a schema, those of an inner object as `outer.inner`. */
function describeProperties(schema: Schema, prefix = ''): object[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const inner = [one, one.items, ...(one.anyOf ?? [])].find((candidate) => candidate?.properties);
    const own = { name: prefix + name, type: describeType(one), description: one.description };
    return inner ? [own, ...describeProperties(inner, `${prefix}${name}.`)] : [own];
  });
}

/** `integer, 1 to 500, 50 unless given`; `text or null` */
function describeType(schema: Schema): string {
  const { anyOf, items, type, minimum, maximum } = schema;
  const name = nameOf(schema);
  if (name) return name;
  if (anyOf) return anyOf.map(describeType).join(' or ');
  if (items) return `list of ${describeType(items)}`;
  if (schema.enum) return schema.enum.map(String).join(' | ');
  const kind = [type ?? 'any']
    .flat()
    .join(' or ')
    .replace('string', schema.format ?? 'text');
  const isBounded = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const bounds = isBounded ? `, ${minimum} to ${maximum}` : '';
  return `${kind}${bounds}${schema.default === undefined ? '' : `, ${JSON.stringify(schema.default)} unless given`}`;
}

function nameOf(schema: Schema | undefined): string | null {
  return schema?.$ref?.replace(/^.*\//, '') ?? null;
}
